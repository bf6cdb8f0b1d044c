package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another model in three processes of one Redis and one Qdrant: two that answer and one that embeds. Each process learns of
 * the switch by itself; in none may a query be embedded by one model and asked of the other's collection.
 */
@Tag("cluster")
class ReindexFleetTest {
    private static final String MINI = "vitrine-mini";
    private static final int PRODUCTS = 200;

    @TempDir
    private Path folder;

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, String> jobs = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

    @Test
    void noSearchFailsAndNoAnswerMixesModelsInAnyProcess() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"))) {
            Map<String, String> shared = Map.of(
                    "VITRINE_REDIS_URL", redis.url(),
                    "VITRINE_QDRANT_URL", QdrantServer.shared().grpcUrl(),
                    "VITRINE_COLLECTION", "fleet-" + UUID.randomUUID(),
                    "VITRINE_ARCHIVE", folder.resolve("archive").toString(),
                    "VITRINE_THUMBNAILS", "off");
            try (ServiceProcess one = start(shared, "api", "one");
                    ServiceProcess two = start(shared, "api", "two");
                    ServiceProcess worker = start(shared, "worker", "worker")) {
                for (ServiceProcess process : List.of(one, two, worker)) {
                    process.awaitReady();
                }
                introduce(new HttpApi(one.url()), new HttpApi(two.url()));
                assertThat(one.log() + two.log()).doesNotContain(" ERROR ");
            }
        }
    }

    private void introduce(HttpApi one, HttpApi two) throws Exception {
        for (int i = 0; i < PRODUCTS; i++) {
            upload(one, "p" + i, i);
        }
        awaitJobs(one);
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<Thread> clients = new ArrayList<>();
        clients.add(new Thread(() -> search("one", one, goesOn)));
        clients.add(new Thread(() -> search("two", two, goesOn)));
        clients.add(new Thread(() -> uploads(two, goesOn)));
        clients.forEach(Thread::start);
        try {
            assertThat(two.post("/reindex?model=" + MINI).status()).isEqualTo(200);
            Awaitility.await("kept")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> one.get("/reindex").text("phase").equals("kept"));
            Awaitility.await("both answer by the new one")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> count("one", MINI) > 20 && count("two", MINI) > 20);
        } finally {
            goesOn.set(false);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(faults).isEmpty();
        System.out.println("Answers by process and model: " + answers + "; uploads: " + jobs.size());
        assertThat(count("one", "tiny-clip")).isPositive();
        assertThat(count("two", "tiny-clip")).isPositive();
        awaitJobs(two);
        String export = two.get("/export?vectors=false").response().body();
        assertThat(export).contains("\"model\":\"" + MINI + "\"").doesNotContain("tiny-clip");
        assertThat(export.lines()).hasSize(jobs.size() + 2);
        for (String product : jobs.keySet()) {
            assertThat(one.get("/products/" + product).status()).as(product).isEqualTo(200);
        }
    }

    private int count(String process, String model) {
        AtomicInteger count = answers.get(process + " " + model);
        return count == null ? 0 : count.get();
    }

    private ServiceProcess start(Map<String, String> shared, String role, String name) {
        Map<String, String> environment = new HashMap<>(shared);
        environment.put("VITRINE_ROLE", role);
        environment.put("VITRINE_WORKER_ID", name);
        environment.put("VITRINE_INBOX", folder.resolve("inbox-" + name).toString());
        return new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(folder.resolve("data"), environment),
                        folder.resolve(name + ".log"))
                .launch();
    }

    private void upload(HttpApi api, String productId, int seed) {
        Answer answer = api.upload(productId, Pictures.jpeg(seed));
        if (answer.status() == 202) {
            jobs.put(productId, answer.text("job_id"));
        } else {
            faults.add("upload: " + answer.status() + " " + answer.response().body());
        }
    }

    private void uploads(HttpApi api, AtomicBoolean goesOn) {
        for (int i = 0; goesOn.get(); i++) {
            int n = i;
            tried(() -> upload(api, "new" + n, 100_000 + n));
        }
    }

    /** A vector of one model that is compared with those of the other is never so near to its own picture's. */
    private void search(String process, HttpApi api, AtomicBoolean goesOn) {
        for (int i = 0; goesOn.get(); i++) {
            int n = i % PRODUCTS;
            tried(() -> {
                Answer answer = api.searchByPicture(Pictures.jpeg(n));
                JsonNode best = answer.body().at("/results/0");
                if (answer.status() != 200
                        || !best.path("product_id").asText().equals("p" + n)
                        || best.path("score").asDouble() < 0.999) {
                    faults.add(process + ": " + answer.status() + " "
                            + answer.response().body());
                }
                answers.computeIfAbsent(process + " " + answer.text("model"), any -> new AtomicInteger())
                        .incrementAndGet();
            });
        }
    }

    private void tried(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException | Error e) {
            faults.add(e.toString());
        }
    }

    private void awaitJobs(HttpApi api) {
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            Awaitility.await(job.getKey())
                    .atMost(Duration.ofSeconds(120))
                    .until(() ->
                            api.get("/jobs/" + job.getValue()).text("status").equals("completed"));
        }
    }
}
