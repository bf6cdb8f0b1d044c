package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.Settings.InvalidSettingException;
import dev.vitrine.Settings.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path home;

    @Test
    void hasADefaultForEverything() {
        Settings settings = Settings.load(home, Map.of());
        assertThat(settings.url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(settings.role()).isEqualTo(Role.ALL);
        assertThat(settings.redisUrl()).isEqualTo("embedded");
        assertThat(settings.qdrantUrl()).isEqualTo("embedded");
        assertThat(settings.dataDir()).isEqualTo(home.resolve("data"));
        assertThat(settings.inbox()).isEqualTo(home.resolve("data/inbox"));
        assertThat(settings.maxUploadBytes()).isEqualTo(20L * 1024 * 1024);
        assertThat(settings.maxPixels()).isEqualTo(50_000_000);
        assertThat(settings.jobTtl()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.workerId()).isNotBlank();
    }

    @Test
    void prefersTheEnvironmentToTheFile() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/application.properties"), "vitrine.http-port=9001\nvitrine.collection=shoes\n");
        Settings settings = Settings.load(home, Map.of("VITRINE_HTTP_PORT", "9002", "VITRINE_COLLECTION", " "));
        assertThat(settings.httpPort()).isEqualTo(9002);
        assertThat(settings.collection()).isEqualTo("shoes");
    }

    @ParameterizedTest
    @CsvSource({"20MB, 20971520", "512kb, 524288", "1 GiB, 1073741824", "1000, 1000", "7B, 7"})
    void readsSizes(String text, long bytes) {
        assertThat(Settings.load(home, Map.of("VITRINE_MAX_UPLOAD", text)).maxUploadBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "2m, 120", "12h, 43200", "7d, 604800"})
    void readsTimes(String text, long seconds) {
        assertThat(Settings.load(home, Map.of("VITRINE_JOB_TTL", text)).jobTtl())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "VITRINE_HTTP_PORT, http",
        "VITRINE_HTTP_PORT, 70000",
        "VITRINE_WORKERS, 0",
        "VITRINE_MAX_UPLOAD, big",
        "VITRINE_JOB_TTL, soon",
        "VITRINE_REDIS_URL, localhost",
        "VITRINE_QDRANT_URL, qdrant",
        "VITRINE_ROLE, boss",
        "VITRINE_DEVICE, tpu",
        "VITRINE_EXIF, maybe"
    })
    void saysWhichSettingIsWrong(String name, String value) {
        assertThatThrownBy(() -> Settings.load(home, Map.of(name, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("'" + value + "'");
    }
}
