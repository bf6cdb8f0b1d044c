package dev.vitrine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With VITRINE_LOG=json every line of the log is one object, whatever happens. */
class JsonLogTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "pa55-of-the-operator";
    private static final String SECRET = "whsec_" + "QUJD".repeat(11);

    @TempDir
    private Path folder;

    @Test
    void isAnObjectALineFromTheStartToTheEnd() throws Exception {
        Path home = folder.resolve("home");
        RunningVitrine.copyRoutes(home);
        Path worker = home.resolve("routes/index.camel.yaml");
        Files.writeString(
                worker,
                Files.readString(worker)
                        .replace(
                                "        - setVariable:\n            id: worker-job-id",
                                "        - log:\n            id: worker-say\n            message: \"hand\\nmade\"\n"
                                        + "        - throwException:\n            id: worker-fail\n"
                                        + "            exceptionType: java.lang.IllegalStateException\n"
                                        + "            message: \"a\\n\\\"quote\\\" \"\n"
                                        + "        - setVariable:\n            id: worker-job-id")
                        .replace("job-errors", "no-errors"));
        Files.writeString(worker, Files.readString(worker).replace("    routeConfigurationId: no-errors\n", ""));
        try (ServiceProcess service = new ServiceProcess(
                        home,
                        RunningVitrine.environment(
                                folder.resolve("data"),
                                Map.of(
                                        "VITRINE_LOG", "json",
                                        "VITRINE_LOG_LEVEL", "TRACE",
                                        "VITRINE_API_KEY", KEY,
                                        "VITRINE_QDRANT_API_KEY", "pa55-of-qdrant",
                                        "VITRINE_CALLBACK_HOSTS", "127.0.0.1",
                                        "VITRINE_CALLBACK_SECRETS", SECRET,
                                        "VITRINE_HISTORY_URL",
                                                "jdbc:postgresql://127.0.0.1:1/jobs?user=u&password=pa55-of-db",
                                        // A collector that is not there, of which a library tells by the JDK's logging.
                                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1",
                                        "OTEL_BSP_SCHEDULE_DELAY", "100",
                                        "OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true")),
                        folder.resolve("log"))
                .launch()
                .awaitReady()) {
            HttpApi api = new HttpApi(service.url()).with("X-API-Key", KEY);
            String job = api.upload(Map.of("product_id", "said", "name", "two\nlines"), Pictures.jpeg(1))
                    .text("job_id");
            new HttpApi(service.url())
                    .offContract()
                    .with("X-API-Key", "pa55-that-is-wrong")
                    .get("/jobs?key=pa55");
            await().atMost(Duration.ofSeconds(20)).until(() -> service.log().contains("IllegalStateException"));
            service.close();

            List<JsonNode> lines = lines(service.log());
            assertThat(lines).hasSizeGreaterThan(8);
            JsonNode said = lines.stream()
                    .filter(line -> line.path("message").asText().equals("hand\nmade"))
                    .findFirst()
                    .orElseThrow();
            assertThat(said.path("job_id").asText()).isEqualTo(job);
            assertThat(said.path("product_id").asText()).isEqualTo("said");
            assertThat(said.path("route").asText()).isEqualTo("worker");
            assertThat(said.path("trace_id").asText()).matches("[0-9a-f]{32}");
            assertThat(lines)
                    .anySatisfy(line ->
                            assertThat(line.path("error.stack_trace").asText()).contains("IllegalStateException"));
            assertThat(lines).as("by the JDK's logging").anySatisfy(line -> assertThat(
                            line.path("log.logger").asText())
                    .startsWith("io.opentelemetry"));
            assertThat(service.log()).doesNotContain("pa55", KEY, SECRET, "JFIF", "/9j/");
        }
    }

    @Test
    void saysWhyAStartFailedInTheSameForm() throws Exception {
        ServiceProcess service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(
                                folder.resolve("data"), Map.of("VITRINE_LOG", "json", "VITRINE_HTTP_HOST", "0.0.0.0")),
                        folder.resolve("log"))
                .launch();
        await().atMost(Duration.ofSeconds(20)).until(() -> !service.isAlive());
        List<JsonNode> lines = lines(service.log());
        assertThat(lines)
                .anySatisfy(line -> assertThat(line.path("message").asText()).contains("VITRINE_API_KEY"));
    }

    private static List<JsonNode> lines(String log) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.lines().toList()) {
            JsonNode object = JSON.readTree(line);
            assertThat(object.isObject()).as(line).isTrue();
            for (String field : List.of("@timestamp", "log.level", "message", "ecs.version")) {
                assertThat(object.has(field)).as("%s in %s", field, line).isTrue();
            }
            lines.add(object);
        }
        return lines;
    }
}
