package dev.vitrine.reload.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.cli.Main;
import dev.vitrine.testing.RunningVitrine;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The check in a process of its own. Tests keep Camel's command line away by a service on their class path, so they cannot
 * tell whether the check does.
 */
class CheckAloneTest {
    @TempDir
    private Path userHome;

    @Test
    void startsNoConnectorOfCamelsCommandLine() throws Exception {
        assertThat(output("", Main.class, "check")).contains("route files are good");
        assertThat(userHome.resolve(".camel")).doesNotExist();
    }

    @Test
    void staysGoodWhileOtherContextsComeAndGo() throws Exception {
        String name = CheckLoop.class.getName().replace('.', '/') + ".class";
        Path copy = userHome.resolve("classes").resolve(name);
        Files.createDirectories(copy.getParent());
        try (InputStream loop = CheckLoop.class.getResourceAsStream("/" + name)) {
            Files.copy(loop, copy);
        }

        assertThat(output(userHome.resolve("classes").toString(), CheckLoop.class, "200"))
                .contains("200 checks were good");
    }

    /** What a class prints, without the classes of the tests. */
    private String output(String firstPath, Class<?> main, String argument) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        Path output = userHome.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx300m",
                        "-Duser.home=" + userHome,
                        "-Dvitrine.home=" + RunningVitrine.HOME,
                        "-cp",
                        firstPath.isEmpty() ? classPath : firstPath + File.pathSeparator + classPath,
                        main.getName(),
                        argument)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
