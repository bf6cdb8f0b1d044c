package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Camel's own command line speaks with a process through files in the user's home; here those are read and written. */
class CamelCommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private ServiceProcess start(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("VITRINE_REDIS_URL", "none");
        all.put("JAVA_TOOL_OPTIONS", "-Duser.home=" + folder);
        return new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(folder.resolve("data"), all),
                        folder.resolve("log"))
                .launch()
                .awaitReady();
    }

    @Test
    void showsTheRoutesAndStopsOneWhenItIsTurnedOn() {
        try (ServiceProcess service = start(Map.of("VITRINE_CLI", "on"))) {
            HttpApi api = new HttpApi(service.url());
            Path status = folder.resolve(".camel").resolve(service.pid() + "-status.json");
            await("the status file")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(routeIds(status)).contains("accept", "index", "stats"));
            assertThat(api.get("/stats").status()).isEqualTo(200);

            await("the route to stop")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> {
                        // What `camel cmd stop-route --id=stats` writes; the process deletes it when it has read it.
                        Path action = folder.resolve(".camel").resolve(service.pid() + "-action.json");
                        if (!Files.exists(action)) {
                            Files.writeString(action, "{\"action\":\"route\",\"id\":\"stats\",\"command\":\"stop\"}");
                        }
                        return api.ofChangedRoutes().get("/stats").status() != 200;
                    });
        }
    }

    @Test
    void isOffByDefault() {
        try (ServiceProcess service = start(Map.of())) {
            assertThat(new HttpApi(service.url()).get("/stats").status()).isEqualTo(200);
            assertThat(folder.resolve(".camel")).doesNotExist();
        }
    }

    private static Set<String> routeIds(Path status) throws IOException {
        Set<String> ids = new HashSet<>();
        for (JsonNode route : JSON.readTree(status.toFile()).path("routes")) {
            ids.add(route.path("routeId").asText());
        }
        return ids;
    }
}
