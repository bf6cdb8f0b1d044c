package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.Settings.Role;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.testing.DocumentPart;
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
        assertThat(settings.http().url()).isEqualTo("http://127.0.0.1:8080");
        assertThat(settings.role()).isEqualTo(Role.ALL);
        assertThat(settings.redis().url()).isEqualTo("embedded");
        assertThat(settings.index().url()).isEqualTo("embedded");
        assertThat(settings.dataDir()).isEqualTo(home.resolve("data"));
        assertThat(settings.intake().inbox()).isEqualTo(home.resolve("data/inbox"));
        assertThat(settings.intake().maxUploadBytes()).isEqualTo(20L * 1024 * 1024);
        assertThat(settings.pictures().maxPixels()).isEqualTo(50_000_000);
        assertThat(settings.redis().jobTtl()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.workerId()).isNotBlank();
    }

    @Test
    void prefersTheEnvironmentToTheFile() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/application.properties"), "vitrine.http-port=9001\nvitrine.collection=shoes\n");
        Settings settings = Settings.load(home, Map.of("VITRINE_HTTP_PORT", "9002", "VITRINE_COLLECTION", " "));
        assertThat(settings.http().port()).isEqualTo(9002);
        assertThat(settings.index().collection()).isEqualTo("shoes");
    }

    @ParameterizedTest
    @CsvSource({"20MB, 20971520", "512kb, 524288", "1 GiB, 1073741824", "1000, 1000", "7B, 7"})
    void readsSizes(String text, long bytes) {
        assertThat(Settings.load(home, Map.of("VITRINE_MAX_UPLOAD", text))
                        .intake()
                        .maxUploadBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "2m, 120", "12h, 43200", "7d, 604800"})
    void readsTimes(String text, long seconds) {
        assertThat(Settings.load(home, Map.of("VITRINE_JOB_TTL", text)).redis().jobTtl())
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
        "VITRINE_EXIF, maybe",
        "VITRINE_LOG_LEVEL, LOUD",
        "VITRINE_JOB_TTL, 500ms",
        "VITRINE_JOB_TTL, 0s",
        "VITRINE_DECODE_DEADLINE, 0s",
        "VITRINE_MAX_UPLOAD, 9999999999999T",
        "VITRINE_COLLECTIONS, a b"
    })
    void saysWhichSettingIsWrong(String name, String value) {
        assertThatThrownBy(() -> Settings.load(home, Map.of(name, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("'" + value + "'");
    }

    @Test
    void namesAVariableThatIsNoSettingAndWhatWasProbablyMeant() {
        Settings settings = Settings.load(
                home,
                Map.of("VITRINE_WORKRES", "2", "VITRINE_XYZZY", "1", "VITRINE_TEST_ANYTHING", "1", "PATH", "/bin"));
        assertThat(settings.unknown())
                .containsExactly(
                        "There is no setting VITRINE_WORKRES; did you mean \"VITRINE_WORKERS\"?",
                        "There is no setting VITRINE_XYZZY; it has no effect");
    }

    @Test
    void namesAPropertyThatIsNearlyASettingAndLeavesASitesOwnAlone() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/application.properties"),
                "vitrine.htp-port=9001\nvitrine.upkeep.period=1000\nshop.chat.url=x\n");
        assertThat(Settings.load(home, Map.of()).unknown())
                .containsExactly("There is no setting vitrine.htp-port in config/application.properties; did you mean"
                        + " \"vitrine.http-port\"?");
    }

    @Test
    void printsNoSecret() {
        Settings settings = Settings.load(
                home,
                Map.of("VITRINE_REDIS_URL", "redis://shop:hidden@redis:6379", "VITRINE_QDRANT_API_KEY", "hidden"));
        assertThat(settings.toString()).doesNotContain("hidden");
    }

    @Test
    void theReadmesTableIsMadeFromThem() throws IOException {
        StringBuilder table = new StringBuilder("| variable | default | meaning |\n| --- | --- | --- |\n");
        for (Setting<?> setting : Settings.ALL) {
            String fallback = setting.shownDefault();
            table.append("| `%s` | %s | %s |\n"
                    .formatted(
                            setting.name(),
                            fallback == null ? "–" : fallback.contains(" ") ? fallback : "`" + fallback + "`",
                            setting.meaning()));
        }
        new DocumentPart("README.md", "settings").assertIs(table.toString());
    }
}
