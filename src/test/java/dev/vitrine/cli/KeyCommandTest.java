package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeyCommandTest {
    private record Run(int code, String out, String err) {}

    @TempDir
    private Path home;

    private String before;

    @BeforeEach
    void install() {
        before = System.getProperty("vitrine.home");
        System.setProperty("vitrine.home", home.toString());
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty("vitrine.home");
        } else {
            System.setProperty("vitrine.home", before);
        }
    }

    @Test
    void showsAKeyOnceAndListsAllButTheKey() throws Exception {
        Run created = run("key", "create", "shop", "--role", "write", "--collections", "a,b", "--expires", "90d");
        assertThat(created.code()).isZero();
        String key = created.out().strip();
        assertThat(key).matches("vitrine_[A-Za-z0-9_-]{43}");
        assertThat(created.err()).contains("only time").contains("until 20");

        Run listed = run("key", "list");
        assertThat(listed.out())
                .contains("shop")
                .contains("write")
                .contains("a,b")
                .doesNotContain(key);
        assertThat(run("key", "list", "--json").out()).contains("\"role\"").doesNotContain("sha256");
        assertThat(Files.readString(home.resolve("config/keys.json"))).doesNotContain(key);
    }

    @Test
    void letsANameHaveTwoKeysForTheTimeOfAChange() throws Exception {
        assertThat(run("key", "create", "shop", "--role", "read").code()).isZero();
        assertThat(run("key", "create", "shop", "--role", "read").code()).isZero();
        Run third = run("key", "create", "shop", "--role", "read");
        assertThat(third.code()).isEqualTo(1);
        assertThat(third.err()).contains("two keys already");
        Run revoked = run("key", "revoke", "shop");
        assertThat(revoked.out().lines()).hasSize(2);
        assertThat(run("key", "list").out()).contains("None");
        assertThat(run("key", "revoke", "shop").err()).contains("no key shop");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(run("key", "create", "shop").err()).contains("--role");
        assertThat(run("key", "create", "shop", "--role", "owner").err()).contains("read, write or admin");
        assertThat(run("key", "create", "two words", "--role", "read").err()).contains("1 to 64 letters");
        assertThat(run("key", "create", "shop", "--role", "read", "--expires", "soon")
                        .err())
                .contains("90d");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/keys.json"), "{");
        assertThat(run("key", "list").err()).contains("cannot be used").contains("keys.json");
        assertThat(run("key", "create", "shop", "--role", "read").code()).isEqualTo(1);
        assertThat(Files.readString(home.resolve("config/keys.json"))).isEqualTo("{");
    }

    private static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(args);
        return new Run(code, out.toString(), err.toString());
    }
}
