package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Components come by the very Maven that builds the project. */
class ComponentCommandTest {
    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeAHome() throws IOException {
        System.setProperty("vitrine.home", home.toString());
        Files.copy(RunningVitrine.HOME.resolve("pom.xml"), home.resolve("pom.xml"));
    }

    @AfterEach
    void forgetTheHome() {
        System.clearProperty("vitrine.home");
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "component";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all);
    }

    @Test
    void addsWhatTheServiceDoesNotHaveAndRemovesIt() {
        assertThat(run("add", "mustache")).as(err.toString()).isZero();
        assertThat(RunningVitrine.names(home.resolve("components")))
                .hasSize(3)
                .contains("components.txt")
                .anyMatch(name -> name.startsWith("camel-mustache-"))
                .anyMatch(name -> name.startsWith("compiler-"));
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("org.apache.camel:camel-mustache:");

        assertThat(run("remove", "camel-mustache")).as(err.toString()).isZero();
        assertThat(home.resolve("components")).doesNotExist();
        assertThat(RunningVitrine.names(home)).containsExactly("pom.xml");
    }

    @Test
    void knowsComponentsByTheNamesThatRoutesUse() throws Exception {
        Components components = new Components(home, true);
        assertThat(components.resolve("sftp")).startsWith("org.apache.camel:camel-ftp:");
        assertThat(components.resolve("imaps")).startsWith("org.apache.camel:camel-mail:");
        assertThat(components.resolve("mail")).startsWith("org.apache.camel:camel-mail:");
        assertThat(components.resolve("csv")).startsWith("org.apache.camel:camel-csv:");
        assertThat(components.resolve("jsonpath")).startsWith("org.apache.camel:camel-jsonpath:");
        assertThat(components.resolve("org.postgresql:postgresql:42.7.7"))
                .isEqualTo("org.postgresql:postgresql:42.7.7");
    }

    @Test
    void keepsWhatThereIsWhenSomethingCannotBeFound() throws IOException {
        Files.createDirectories(home.resolve("components"));
        Files.writeString(home.resolve("components/mine.jar"), "x");

        assertThat(run("add", "--offline", "dev.vitrine:no-such-thing:1")).isEqualTo(1);
        assertThat(err.toString()).contains("no-such-thing");
        assertThat(run("add", "sfttp")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing called sfttp");
        assertThat(home.resolve("components/mine.jar")).exists();
        assertThat(RunningVitrine.names(home)).containsExactly("components", "pom.xml");
    }
}
