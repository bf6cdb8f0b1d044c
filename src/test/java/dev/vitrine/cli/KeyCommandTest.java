package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
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
        CommandRun created =
                CommandRun.of("key", "create", "shop", "--role", "write", "--collections", "a,b", "--expires", "90d");
        assertThat(created.code()).isZero();
        String key = created.out().strip();
        assertThat(key).matches("vitrine_[A-Za-z0-9_-]{43}");
        assertThat(created.err()).contains("only time").contains("until 20");

        CommandRun listed = CommandRun.of("key", "list");
        assertThat(listed.out())
                .contains("shop")
                .contains("write")
                .contains("a,b")
                .doesNotContain(key);
        assertThat(CommandRun.of("key", "list", "--json").out())
                .contains("\"role\"")
                .doesNotContain("sha256");
        assertThat(Files.readString(home.resolve("config/keys.json"))).doesNotContain(key);
    }

    @Test
    void letsANameHaveTwoKeysForTheTimeOfAChange() throws Exception {
        assertThat(CommandRun.of("key", "create", "shop", "--role", "read").code())
                .isZero();
        assertThat(CommandRun.of("key", "create", "shop", "--role", "read").code())
                .isZero();
        CommandRun third = CommandRun.of("key", "create", "shop", "--role", "read");
        assertThat(third.code()).isEqualTo(1);
        assertThat(third.err()).contains("two keys already");
        CommandRun revoked = CommandRun.of("key", "revoke", "shop");
        assertThat(revoked.out().lines()).hasSize(2);
        assertThat(CommandRun.of("key", "list").out()).contains("None");
        assertThat(CommandRun.of("key", "revoke", "shop").err()).contains("no key shop");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(CommandRun.of("key", "create", "shop").err()).contains("--role");
        assertThat(CommandRun.of("key", "create", "shop", "--role", "owner").err())
                .contains("read, write or admin");
        assertThat(CommandRun.of("key", "create", "two words", "--role", "read").err())
                .contains("1 to 64 letters");
        assertThat(CommandRun.of("key", "create", "shop", "--role", "read", "--expires", "soon")
                        .err())
                .contains("90d");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/keys.json"), "{");
        assertThat(CommandRun.of("key", "list").err())
                .contains("cannot be used")
                .contains("keys.json");
        assertThat(CommandRun.of("key", "create", "shop", "--role", "read").code())
                .isEqualTo(1);
        assertThat(Files.readString(home.resolve("config/keys.json"))).isEqualTo("{");
    }
}
