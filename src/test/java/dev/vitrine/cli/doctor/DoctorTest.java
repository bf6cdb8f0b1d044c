package dev.vitrine.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.Settings;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor where nothing of the service runs. */
class DoctorTest {
    @TempDir
    private Path folder;

    private static List<Diagnosis> examine(Settings settings) {
        return new Doctor(settings, new RunningService(path -> Optional.empty()), Clock.systemUTC()).examine();
    }

    private Settings settings(Map<String, String> environment) {
        return Settings.load(RunningVitrine.HOME, RunningVitrine.environment(folder.resolve("data"), environment));
    }

    private static Diagnosis of(List<Diagnosis> all, String subject) {
        return all.stream()
                .filter(one -> one.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(subject + " is not among " + all));
    }

    @Test
    void findsNoFaultInAFreshInstallationAndLeavesNothingBehind() throws IOException {
        List<Diagnosis> all = examine(settings(Map.of("VITRINE_HISTORY_URL", "embedded")));
        assertThat(all).noneMatch(one -> one.verdict() == Verdict.FAULT);
        assertThat(of(all, "redis").found()).contains("embedded");
        assertThat(of(all, "routes").found()).contains("files are good");
        assertThat(Files.list(folder)).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithEverythingAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Diagnosis> all = examine(Settings.load(
                    RunningVitrine.HOME,
                    new HashMap<>(Map.of(
                            "VITRINE_DATA_DIR",
                            file.resolve("data").toString(),
                            "VITRINE_HTTP_PORT",
                            Integer.toString(other.getLocalPort()),
                            "VITRINE_MODEL",
                            "nonsense",
                            "VITRINE_MIN_FREE",
                            "9000TB",
                            "VITRINE_WORKRES",
                            "3",
                            "VITRINE_REDIS_URL",
                            "redis://127.0.0.1:" + RunningVitrine.freePort(),
                            "VITRINE_QDRANT_URL",
                            "http://127.0.0.1:" + RunningVitrine.freePort(),
                            "VITRINE_HISTORY_URL",
                            "jdbc:postgresql://127.0.0.1:" + RunningVitrine.freePort()
                                    + "/x?user=u&password=secret-1"))));
            assertThat(all)
                    .filteredOn(one -> one.verdict() == Verdict.FAULT)
                    .extracting(Diagnosis::subject)
                    .contains("data folder", "disk", "model", "redis", "qdrant", "postgresql")
                    .contains("port " + other.getLocalPort());
            assertThat(all).filteredOn(one -> one.verdict() == Verdict.FAULT).allSatisfy(one -> assertThat(one.advice())
                    .isNotBlank());
            assertThat(of(all, "settings").found()).contains("VITRINE_WORKRES", "VITRINE_WORKERS");
            assertThat(all.toString()).doesNotContain("secret-1");
        }
    }

    @Test
    void warnsOfSecretsThatEverybodyMayRead() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.json"), "[]");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        List<Diagnosis> all = examine(settings(Map.of("VITRINE_KEYS_FILE", keys.toString())));
        assertThat(of(all, "readers of keys.json").verdict()).isEqualTo(Verdict.ADVICE);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        all = examine(settings(Map.of("VITRINE_KEYS_FILE", keys.toString())));
        assertThat(of(all, "readers of keys.json").verdict()).isEqualTo(Verdict.GOOD);
    }

    @Test
    void writesABundleWithoutAnySecret() throws IOException {
        RunningVitrine.copyRoutes(folder.resolve("home"));
        Files.createDirectories(folder.resolve("home/config"));
        Files.writeString(
                folder.resolve("home/config/application.properties"),
                "erp.password = secret-of-erp\nshop.url = https://u:secret-of-shop@shop.example/\n"
                        + "vitrine.qdrant-api-key = secret-of-qdrant\n");
        Files.writeString(folder.resolve("home/config/keys.json"), "[{\"hash\":\"secret-hash\"}]");
        Files.createDirectories(folder.resolve("data/redis"));
        Files.writeString(folder.resolve("data/redis/password"), "secret-of-redis-file");
        Map<String, String> environment = RunningVitrine.environment(
                folder.resolve("data"),
                Map.of(
                        "VITRINE_API_KEY", "secret-of-the-api-key",
                        "VITRINE_REDIS_URL", "redis://u:secret-of-redis@127.0.0.1:1/",
                        "VITRINE_HISTORY_URL", "jdbc:postgresql://127.0.0.1:1/x?user=u&password=secret-of-history",
                        "VITRINE_JAVA_OPTS", "-Dx.password=secret-of-java",
                        "VITRINE_QDRANT_URL", "http://127.0.0.1:1",
                        "OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=secret-of-otel"));
        Settings settings = Settings.load(folder.resolve("home"), environment);
        Path bundle = folder.resolve("bundle.zip");

        new SupportBundle(
                        Settings.source(settings.home(), environment),
                        Settings.ALL,
                        settings.dataDir(),
                        new RunningService(path -> Optional.of(new ObjectMapper()
                                .createObjectNode()
                                .put("checks", "sent secret-of-the-api-key to https://x:secret-of-url@y/"))))
                .write(bundle, "vitrine test", examine(settings));

        StringBuilder all = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                all.append(entry.getName()).append('\n').append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(all.toString())
                .contains(
                        "VITRINE_API_KEY=(redacted)",
                        "erp.password\n",
                        "routes/index.camel.yaml",
                        "doctor.json",
                        "redis")
                .doesNotContain("secret-");
        assertThat(Files.getPosixFilePermissions(bundle)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(RunningVitrine.names(folder)).containsExactly("bundle.zip", "data", "home");
    }
}
