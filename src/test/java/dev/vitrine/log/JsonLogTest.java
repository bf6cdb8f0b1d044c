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
                        RunningVitrine.environment(folder.resolve("data"), Map.of("VITRINE_LOG", "json")),
                        folder.resolve("log"))
                .launch()
                .awaitReady()) {
            String job =
                    new HttpApi(service.url()).upload("said", Pictures.jpeg(1)).text("job_id");
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
            assertThat(lines)
                    .anySatisfy(line ->
                            assertThat(line.path("error.stack_trace").asText()).contains("IllegalStateException"));
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
