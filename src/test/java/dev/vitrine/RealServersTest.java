package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with a Redis and a Qdrant that the service did not start. */
class RealServersTest {
    private static final int PICTURES = 200;
    private static final int CLIENTS = 8;

    @TempDir
    private Path data;

    @Test
    void everyPictureOfEightClientsIsCompletedAndCountedByQdrant() throws Exception {
        QdrantServer qdrant = QdrantServer.shared();
        try (EmbeddedRedis redis = EmbeddedRedis.start(data.resolve("redis"));
                RunningVitrine service = RunningVitrine.start(
                        data.resolve("vitrine"),
                        Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_QDRANT_URL", qdrant.grpcUrl()))) {
            List<String> jobs = upload(service);
            assertThat(jobs).hasSize(PICTURES).doesNotHaveDuplicates();
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> service.api()
                                    .get("/stats")
                                    .body()
                                    .path("jobs")
                                    .path("completed")
                                    .asInt()
                            == PICTURES);
            for (String job : jobs) {
                assertThat(service.api().get("/jobs/" + job).text("status")).isEqualTo("completed");
            }
            JsonNode collection = collection(qdrant);
            assertThat(collection.path("result").path("points_count").asInt()).isEqualTo(PICTURES);
            assertThat(service.keptFiles()).isEmpty();

            JsonNode found = service.api().searchByPicture(Pictures.jpeg(17)).body();
            assertThat(found.path("results").path(0).path("product_id").asText())
                    .isEqualTo("p17");
        } finally {
            send(qdrant, "DELETE");
        }
    }

    private static List<String> upload(RunningVitrine service) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < PICTURES; i++) {
                int seed = i;
                answers.add(clients.submit(() -> service.api().upload("p" + seed, Pictures.jpeg(seed))));
            }
            List<String> jobs = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(202);
                jobs.add(answer.get().text("job_id"));
            }
            return jobs;
        } finally {
            clients.shutdownNow();
        }
    }

    private static JsonNode collection(QdrantServer qdrant) throws Exception {
        return new ObjectMapper().readTree(send(qdrant, "GET"));
    }

    private static String send(QdrantServer qdrant, String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(qdrant.httpUrl() + "/collections/products"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
