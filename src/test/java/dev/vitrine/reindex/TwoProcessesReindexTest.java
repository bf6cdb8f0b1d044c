package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model with Qdrant and several services on one data folder: one builds, all of them switch. */
class TwoProcessesReindexTest {
    private static final String MINI = "vitrine-mini";

    @TempDir
    private Path folder;

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    @Test
    void everyProcessAnswersByOneModelAndThenByTheOther() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"))) {
            Map<String, String> shared = new HashMap<>(Map.of(
                    "VITRINE_REDIS_URL", redis.url(),
                    "VITRINE_QDRANT_URL", QdrantServer.shared().grpcUrl(),
                    "VITRINE_COLLECTION", "reindex-" + UUID.randomUUID(),
                    "VITRINE_ARCHIVE", folder.resolve("archive").toString(),
                    "VITRINE_THUMBNAILS", "off"));
            try (RunningVitrine worker = start(shared, "worker");
                    RunningVitrine api = start(shared, "api")) {
                for (int i = 0; i < 30; i++) {
                    Answer answer = api.api().upload("p" + i, Pictures.jpeg(i));
                    api.awaitStatus(answer.text("job_id"), "completed");
                }
                AtomicBoolean goesOn = new AtomicBoolean(true);
                Thread customer = new Thread(() -> search(api, goesOn));
                customer.start();
                assertThat(api.api().post("/reindex?model=" + MINI).status()).isEqualTo(200);
                Awaitility.await("kept")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> api.api().get("/reindex").text("phase").equals("kept"));
                goesOn.set(false);
                customer.join();
                assertThat(faults).isEmpty();

                Answer late = api.api().upload("late", Pictures.jpeg(99));
                api.awaitStatus(late.text("job_id"), "completed");
                assertThat(api.api()
                                .get("/products/late")
                                .body()
                                .at("/images/0/model")
                                .asText())
                        .isEqualTo(MINI);
                assertThat(api.api()
                                .searchByPicture(Pictures.jpeg(99))
                                .body()
                                .at("/results/0/product_id")
                                .asText())
                        .isEqualTo("late");
            }
        }
    }

    private RunningVitrine start(Map<String, String> shared, String role) {
        Map<String, String> environment = new HashMap<>(shared);
        environment.put("VITRINE_ROLE", role);
        environment.put("VITRINE_WORKER_ID", role);
        environment.put("VITRINE_INBOX", folder.resolve("inbox-" + role).toString());
        return RunningVitrine.start(folder.resolve("data"), environment);
    }

    private void search(RunningVitrine api, AtomicBoolean goesOn) {
        for (int i = 0; goesOn.get(); i++) {
            try {
                Answer answer = api.api().searchByPicture(Pictures.jpeg(i % 30));
                boolean isRight = answer.status() == 200
                        && List.of("tiny-clip", MINI).contains(answer.text("model"))
                        && answer.body().at("/results/0/product_id").asText().equals("p" + i % 30)
                        && answer.body().at("/results/0/score").asDouble() > 0.999;
                if (!isRight) {
                    faults.add(answer.status() + " " + answer.response().body());
                }
            } catch (RuntimeException | Error e) {
                faults.add(e.toString());
            }
        }
    }
}
