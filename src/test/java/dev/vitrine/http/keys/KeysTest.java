package dev.vitrine.http.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    private static final Instant NOW = Instant.parse("2026-01-31T07:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, java.time.ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private KeysFile file;

    @BeforeEach
    void name() {
        file = new KeysFile(folder.resolve("config/keys.json"));
    }

    @Test
    void needsNoKeyWhereThereIsNone() throws Exception {
        assertThat(new Keys(null, file, CLOCK).areInForce()).isFalse();
        assertThat(new Keys("0123456789abcdef", file, CLOCK).areInForce()).isTrue();
    }

    @Test
    void findsWhoShowsAKeyAndKeepsOnlyItsHash() throws Exception {
        String key = add("shop", Role.WRITE, null);
        Keys keys = new Keys("the-key-of-the-operator", file, CLOCK);

        assertThat(keys.find(key).caller().name()).isEqualTo("shop");
        assertThat(keys.find(key).caller().role()).isEqualTo(Role.WRITE);
        assertThat(keys.find("the-key-of-the-operator").caller().role()).isEqualTo(Role.ADMIN);
        assertThat(keys.find(key + "x")).isNull();
        assertThat(keys.find("")).isNull();
        assertThat(Files.readString(file.path())).doesNotContain(key);
    }

    @Test
    void knowsTwoKeysOfANameForTheTimeOfAChange() throws Exception {
        String old = add("shop", Role.READ, null);
        String next = add("shop", Role.READ, null);
        Keys keys = new Keys(null, file, CLOCK);
        assertThat(keys.find(old).caller()).isEqualTo(keys.find(next).caller());
        assertThat(file.remove(keys.find(old).key().id())).hasSize(1);
        Keys after = new Keys(null, file, CLOCK);
        assertThat(after.find(old)).isNull();
        assertThat(after.find(next)).isNotNull();
    }

    @Test
    void knowsAnExpiredKeyAsExpired() throws Exception {
        String key = add("shop", Role.READ, NOW);
        String later = add("shop", Role.READ, NOW.plusMillis(1));
        Keys keys = new Keys(null, file, CLOCK);
        assertThat(keys.find(key).expired()).isTrue();
        assertThat(keys.find(later).expired()).isFalse();
    }

    @Test
    void takesUpAChangeAndKeepsTheLastGoodFile() throws Exception {
        Keys keys = new Keys(null, file, CLOCK);
        String key = add("first", Role.READ, null);
        await().atMost(Duration.ofSeconds(5)).until(() -> keys.find(key) != null);
        assertThat(keys.areInForce()).isTrue();

        try (LogLines log = new LogLines(Keys.class)) {
            Files.writeString(file.path(), "{\"keys\": [{\"name\": \"half");
            await().atMost(Duration.ofSeconds(5)).until(() -> {
                assertThat(keys.find(key)).isNotNull();
                return log.messages().size() == 1;
            });
            Files.delete(file.path());
            await().atMost(Duration.ofSeconds(5)).until(() -> {
                assertThat(keys.areInForce()).isTrue();
                return log.messages().size() == 2;
            });
            assertThat(log.messages().get(1)).contains("it is gone");
        }
        assertThat(keys.find(key)).isNotNull();
    }

    @Test
    void saysAtTheStartWhatIsWrongWithTheFile() throws Exception {
        Files.createDirectories(file.path().getParent());
        for (String content : List.of(
                "no json",
                "[]",
                "{}",
                "{\"keys\":[null]}",
                "{\"keys\":[{\"name\":\"a\",\"role\":\"owner\",\"sha256\":\"x\"}]}",
                "{\"keys\":[{\"name\":\"a b\",\"role\":\"read\",\"sha256\":\"x\"}]}",
                "{\"keys\":[{\"name\":\"a\",\"role\":\"read\",\"sha256\":\"x\"}]}")) {
            Files.writeString(file.path(), content);
            assertThatThrownBy(() -> new Keys(null, file, CLOCK))
                    .as(content)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.path().toString())
                    .hasMessageContaining("Mend it");
        }
    }

    @Test
    void isForItsOwnersEyesOnly() throws Exception {
        add("shop", Role.READ, null);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    @Test
    void aGroupThatMayReadTheFileMayGoOn() throws Exception {
        add("shop", Role.READ, null);
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rwxrw-r--"));
        add("page", Role.READ, null);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-r-----");
    }

    private String add(String name, Role role, Instant expires) throws IOException {
        String key = ApiKey.random();
        file.add(ApiKey.of(key, name, role, List.of(), NOW.minusSeconds(60), expires));
        return key;
    }
}
