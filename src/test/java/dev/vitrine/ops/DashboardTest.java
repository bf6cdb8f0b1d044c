package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.PrometheusServer;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each panel of the dashboard shows something when a real Prometheus watches a service that works. */
@Tag("slow")
class DashboardTest {
    private static final Path DASHBOARD = Path.of("deploy/grafana/dashboards/vitrine.json");
    private static final String KEY = "a-key-of-the-operator";

    @TempDir
    private Path folder;

    /** The expressions of all panels by their titles. */
    static Map<String, String> expressions() throws Exception {
        Map<String, String> expressions = new TreeMap<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.put(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        target.path("expr").asText());
            }
        }
        return expressions;
    }

    @Test
    void eachPanelHasData() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(
                        folder.resolve("data"), Map.of("VITRINE_API_KEY", KEY, "VITRINE_HISTORY_URL", "embedded"));
                PrometheusServer prometheus = PrometheusServer.start(
                        folder.resolve("prometheus"),
                        Map.of("vitrine", service.settings().http().url()),
                        Map.of())) {
            var api = service.api().with("X-API-Key", KEY);
            await().until(() -> !prometheus.query("vitrine_build_info").isEmpty());
            Map<String, String> empty = new TreeMap<>(expressions());

            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        api.upload("mug", Pictures.jpeg(1));
                        api.searchByPicture(Pictures.jpeg(1));
                        api.postJson("/search", "{\"text\":\"a mug\"}");
                        api.get("/products/mug/similar");
                        empty.values().removeIf(query -> !prometheus
                                .query(query.replace("$job", "vitrine")
                                        .replace("$instance", ".*")
                                        .replace("$__rate_interval", "10s"))
                                .isEmpty());
                        return empty.isEmpty();
                    });
        }
    }

    @Test
    void theQueueIsTheSameInEachProcessSoItIsNotAddedUp() throws Exception {
        assertThat(expressions().values())
                .filteredOn(query -> query.contains("vitrine_queue_depth")
                        || query.contains("vitrine_queue_workers")
                        || query.contains("vitrine_queue_oldest_wait"))
                .hasSizeGreaterThan(3)
                .allMatch(query -> query.startsWith("max"));
        assertThat(expressions().values()).allMatch(query -> query.contains("{job=~\"$job\", instance=~\"$instance\""));
    }
}
