package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Jobs that take three leases each, two workers, and what becomes of the jobs of a worker that is killed or paused. */
@Tag("chaos")
class LeaseTest {
    private static final Duration LEASE = Duration.ofMillis(Fleet.LEASE_MS);
    private static final Duration MOST_AFTER_LEASE = Duration.ofSeconds(5);
    private static final int JOBS = 4;

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private RedisServer redis;
    private QdrantServer qdrant;
    private Fleet fleet;
    private HttpApi api;

    @BeforeEach
    void start() throws IOException {
        redis = new RedisServer(folder.resolve("redis"), "everysec").start();
        qdrant = QdrantServer.startNew(Map.of());
        fleet = new Fleet(
                folder,
                Map.of(
                        "VITRINE_REDIS_URL", redis.url(),
                        "VITRINE_QDRANT_URL", qdrant.grpcUrl(),
                        "VITRINE_WORKERS", "1"));
        slowDown(fleet.routes().resolve("index.camel.yaml"));
        fleet.add("api", "--role", "api");
        fleet.add("worker-1", "--role", "worker");
        fleet.add("worker-2", "--role", "worker");
        fleet.awaitReady();
        api = new HttpApi(fleet.get("api").url());
    }

    @AfterEach
    void stop() {
        fleet.close();
        qdrant.close();
        redis.close();
    }

    @Test
    void aSlowJobRunsOnce() throws Exception {
        List<String> jobs = uploadAllToTheFirst();

        TimeUnit.NANOSECONDS.sleep(LEASE.multipliedBy(2).toNanos());

        assertThat(workersOf(jobs)).containsOnly("worker-1");
        awaitCompleted(jobs, 1);
        assertThat(redelivered()).isZero();
    }

    @Test
    void anotherWorkerTakesTheJobsOfAKilledOneSoonAfterTheirLease() throws Exception {
        List<String> jobs = uploadAllToTheFirst();

        fleet.remove("worker-1");
        long killed = System.nanoTime();
        await("taken by the other")
                .atMost(LEASE.plus(MOST_AFTER_LEASE))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(workersOf(jobs)).containsOnly("worker-2"));

        System.out.printf(
                "Lease of %d ms: the jobs of a killed worker were taken after %d ms%n",
                LEASE.toMillis(), (System.nanoTime() - killed) / 1_000_000);
        awaitCompleted(jobs, 2);
        assertThat(redelivered()).isEqualTo(JOBS);
    }

    @Test
    void onlyTheJobsOfAWorkerThatSleptPastItsLeaseRunTwice() throws Exception {
        List<String> jobs = uploadAllToTheFirst();

        fleet.get("worker-1").pause();
        await("taken by the other").atMost(LEASE.plus(MOST_AFTER_LEASE)).untilAsserted(() -> assertThat(workersOf(jobs))
                .containsOnly("worker-2"));
        fleet.get("worker-1").resume();

        awaitCompleted(jobs, 2);
        assertThat(redelivered()).isEqualTo(JOBS);
        assertThat(workersOf(jobs)).as("who completed it").containsOnly("worker-2");
        assertThat(fleet.get("worker-1").log()).contains("is no longer this worker's");
    }

    /** While the other worker sleeps, so that all of them are the first one's. */
    private List<String> uploadAllToTheFirst() {
        fleet.get("worker-2").pause();
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            Answer answer = api.upload("p-" + i, Pictures.jpeg(i));
            assertThat(answer.status()).isEqualTo(202);
            jobs.add(answer.text("job_id"));
        }
        await("all are taken").untilAsserted(() -> assertThat(workersOf(jobs)).containsOnly("worker-1"));
        fleet.get("worker-2").resume();
        return jobs;
    }

    private void awaitCompleted(List<String> jobs, int attempts) {
        await("completed").atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
        assertThat(jobs).allSatisfy(id -> assertThat(
                        api.get("/jobs/" + id).body().path("attempts").asInt())
                .isEqualTo(attempts));
        for (int i = 0; i < JOBS; i++) {
            assertThat(api.get("/products/p-" + i).body().path("images").size()).isOne();
        }
    }

    private List<String> workersOf(List<String> jobs) {
        try (Jedis jedis = redis.connect()) {
            return jobs.stream()
                    .map(id -> jedis.hget("{vitrine}:job:" + id, "worker"))
                    .toList();
        }
    }

    private int redelivered() {
        try (Jedis jedis = redis.connect()) {
            String count = jedis.hget("{vitrine}:counts", "redelivered");
            return count == null ? 0 : Integer.parseInt(count);
        }
    }

    private static void slowDown(Path routes) throws IOException {
        String load = "        - setVariable:\n            id: worker-load\n";
        String delay =
                """
                - delay:
                    id: worker-slow
                    expression:
                      constant:
                        expression: "%d"
                """
                        .formatted(3 * LEASE.toMillis())
                        .indent(8);
        Files.writeString(routes, Fleet.replace(Files.readString(routes), load, delay + load));
    }
}
