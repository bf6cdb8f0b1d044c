package dev.vitrine;

import static dev.vitrine.testing.NastyIds.encoded;
import static dev.vitrine.testing.NastyIds.normal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.NastyIds;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids of every kind all the way, in and out. */
class NastyIdsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEPT =
            NastyIds.ALL.stream().map(NastyIds::normal).collect(Collectors.toSet());

    @TempDir
    private Path data;

    @Test
    void comeThroughTheEmbeddedIndexByHttpAndByTheDropFolder() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            byHttp(service);
            byDropFolder(service);
        }
    }

    @Test
    void comeThroughQdrant() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(
                data,
                Map.of(
                        "VITRINE_QDRANT_URL",
                        QdrantServer.shared().grpcUrl(),
                        "VITRINE_COLLECTION",
                        "ids-" + UUID.randomUUID()))) {
            byHttp(service);
        }
    }

    private static void byHttp(RunningVitrine service) throws Exception {
        HttpApi api = service.api();
        Map<String, String> jobs = new LinkedHashMap<>();
        for (String id : NastyIds.ALL) {
            Answer answer = api.upload(Map.of("product_id", id, "image_id", id, "name", id), Pictures.jpeg(1));
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
            jobs.put(id, answer.text("job_id"));
        }
        for (Map.Entry<String, String> upload : jobs.entrySet()) {
            String id = upload.getKey();
            service.awaitStatus(upload.getValue(), "completed");
            assertThat(api.get("/jobs/" + upload.getValue()).text("product_id")).isEqualTo(normal(id));
            assertThat(api.get("/jobs?product_id=" + encoded(id)).body().findValuesAsText("job_id"))
                    .as("jobs of %s", id)
                    .containsExactly(upload.getValue());
            Answer product = api.get("/products/" + encoded(id));
            assertThat(product.status()).as("%s", id).isEqualTo(200);
            assertThat(product.text("product_id")).isEqualTo(normal(id));
            assertThat(product.body().findValuesAsText("image_id")).containsExactly(normal(id));
            assertThat(send(service, "HEAD", "/products/" + encoded(normal(id))).statusCode())
                    .isEqualTo(200);
            assertThat(send(service, "OPTIONS", "/products/" + encoded(id)).statusCode())
                    .isEqualTo(204);
        }
        Answer found = api.postJson("/search", "{\"text\":\"mug\",\"limit\":100}");
        assertThat(new HashSet<>(found.body().findValuesAsText("product_id"))).isEqualTo(KEPT);
        for (String id : NastyIds.ALL) {
            String path = "/products/" + encoded(id) + "/images/" + encoded(id);
            Answer deleted = api.delete(path);
            assertThat(deleted.status())
                    .as("%s: %s", id, deleted.response().body())
                    .isEqualTo(200);
            assertThat(deleted.body().path("deleted").asInt()).isEqualTo(1);
            assertThat(api.get("/products/" + encoded(id)).status()).isEqualTo(404);
        }
    }

    private static void byDropFolder(RunningVitrine service) throws Exception {
        Files.createDirectories(service.inbox());
        int file = 0;
        for (String id : NastyIds.ALL) {
            Files.writeString(
                    service.inbox().resolve(file + ".json"),
                    JSON.writeValueAsString(Map.of("product_id", id, "image_id", id)));
            Files.write(service.inbox().resolve(file++ + ".jpg"), Pictures.jpeg(1));
        }
        Files.write(service.inbox().resolve("Ta\u0308sse, blau.jpg"), Pictures.jpeg(1));

        for (String id : NastyIds.ALL) {
            await("product " + id)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> service.api().get("/products/" + encoded(id)).status() == 200);
            assertThat(service.api().delete("/products/" + encoded(id)).text("product_id"))
                    .isEqualTo(normal(id));
        }
        await("a free name")
                .atMost(Duration.ofSeconds(30))
                .until(() -> service.api()
                                .get("/products/" + encoded("T\u00E4sse, blau"))
                                .status()
                        == 200);
    }

    private static HttpResponse<String> send(RunningVitrine service, String method, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(service.settings().http().url() + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
