package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed while another model is introduced goes on with it at its next start. */
@Tag("chaos")
class ReindexKillTest {
    private static final String MINI = "vitrine-mini";
    private static final int PRODUCTS = 300;

    @TempDir
    private Path folder;

    @Test
    void aBuildGoesOnAfterAKillWithLucene() {
        goesOnAfterAKill(Map.of());
    }

    @Test
    void aBuildGoesOnAfterAKillWithQdrant() {
        goesOnAfterAKill(Map.of(
                "VITRINE_QDRANT_URL",
                QdrantServer.shared().grpcUrl(),
                "VITRINE_COLLECTION",
                "kill-" + UUID.randomUUID()));
    }

    private void goesOnAfterAKill(Map<String, String> index) {
        Map<String, String> environment = new HashMap<>(index);
        environment.put("VITRINE_ARCHIVE", folder.resolve("archive").toString());
        environment.put("VITRINE_THUMBNAILS", "off");
        try (ServiceProcess service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(folder.resolve("data"), environment),
                        folder.resolve("service.log"))
                .launch()
                .awaitReady()) {
            HttpApi api = new HttpApi(service.url());
            for (int i = 0; i < PRODUCTS; i++) {
                api.upload("p" + i, Pictures.jpeg(i));
            }
            awaitPoints(api);
            assertThat(api.post("/reindex?model=" + MINI).status()).isEqualTo(200);
            int kills = 0;
            for (int share = 1; share <= 2; share++) {
                int wanted = share * PRODUCTS / 5;
                Awaitility.await("something embedded")
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> api.get("/reindex").body().path("embedded").asInt() >= wanted
                                || !phase(api).equals("filling"));
                if (phase(api).equals("filling")) {
                    kills++;
                }
                service.kill();
                service.launch().awaitReady();
            }
            Awaitility.await("the new model serves")
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> phase(api).equals("kept"));

            assertThat(kills).as("kills while it was filled").isPositive();
            JsonNode status = api.get("/reindex").body();
            assertThat(status.at("/serving/model").asText()).isEqualTo(MINI);
            assertThat(status.path("missing").asInt()).isZero();
            assertThat(models(api)).containsExactly(MINI);
            awaitPoints(api);
            for (int i = 0; i < PRODUCTS; i += 7) {
                JsonNode best = api.searchByPicture(Pictures.jpeg(i)).body().at("/results/0");
                assertThat(best.path("product_id").asText()).isEqualTo("p" + i);
                assertThat(best.path("score").asDouble()).isGreaterThan(0.999);
            }
        }
    }

    private static String phase(HttpApi api) {
        return api.get("/reindex").text("phase");
    }

    private static void awaitPoints(HttpApi api) {
        Awaitility.await("all indexed")
                .atMost(Duration.ofSeconds(120))
                .until(() -> api.get("/stats").body().at("/index/points").asInt() == PRODUCTS);
    }

    /** The first line names the model that serves; each other one that which made its vector. */
    private static Set<String> models(HttpApi api) {
        Set<String> models = new TreeSet<>();
        Matcher matcher = Pattern.compile("\"model\":\"([^\"]+)\"")
                .matcher(api.get("/export?vectors=false").response().body());
        while (matcher.find()) {
            models.add(matcher.group(1));
        }
        return models;
    }
}
