package dev.vitrine.reload.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import java.io.File;
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
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        Path output = userHome.resolve("output");
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx300m",
                        "-Duser.home=" + userHome,
                        "-Dvitrine.home=" + RunningVitrine.HOME,
                        "-cp",
                        classPath,
                        "dev.vitrine.cli.Main",
                        "check")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            check.destroyForcibly();
        }

        assertThat(output).content().contains("route files are good");
        assertThat(userHome.resolve(".camel")).doesNotExist();
    }
}
