package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.chaos.TcpProxy.Mode;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An outage of a server costs time, not jobs, and neither processor nor log meanwhile. */
@Tag("chaos")
class OutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(8);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final double MOST_PROCESSOR = 0.05;

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private RedisServer redis;
    private QdrantServer qdrant;
    private TcpProxy toRedis;
    private TcpProxy toQdrant;
    private ServiceProcess service;
    private HttpApi api;

    @BeforeEach
    void start() {
        redis = new RedisServer(folder.resolve("redis"), "everysec").start();
        qdrant = QdrantServer.startNew(Map.of());
        toRedis = new TcpProxy(redis.port());
        toQdrant = new TcpProxy(Integer.parseInt(qdrant.grpcUrl().replaceAll(".*:", "")));
        service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(
                                folder.resolve("data"),
                                Map.of(
                                        "VITRINE_REDIS_URL", "redis://127.0.0.1:" + toRedis.port(),
                                        "VITRINE_QDRANT_URL", "http://127.0.0.1:" + toQdrant.port(),
                                        "VITRINE_WORKERS", "1")),
                        folder.resolve("service.log"))
                .launch()
                .awaitReady();
        api = new HttpApi(service.url());
    }

    @AfterEach
    void stop() {
        service.close();
        toRedis.close();
        toQdrant.close();
        redis.close();
        qdrant.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "HANG"})
    void holdsJobsWhileTheIndexIsAway(Mode mode) throws Exception {
        List<String> jobs = new ArrayList<>();
        toQdrant.mode(mode);
        for (int i = 0; i < 20; i++) {
            Answer answer = api.upload("p-" + i, Pictures.jpeg(i));
            assertThat(answer.status()).isEqualTo(202);
            jobs.add(answer.text("job_id"));
        }

        sitOut("index " + mode, "index");
        toQdrant.mode(Mode.PASS);

        awaitAllCompleted("index " + mode, jobs);
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "HANG"})
    void indexesWhileTheClientWaitsAndRedisIsAway(Mode mode) throws Exception {
        toRedis.mode(mode);
        for (int i = 0; i < 5; i++) {
            assertThat(api.upload("p-" + i, Pictures.jpeg(i)).status()).isEqualTo(200);
        }

        sitOut("Redis " + mode, "redis");
        toRedis.mode(Mode.PASS);

        long back = System.nanoTime();
        await().atMost(RECOVERY)
                .until(() -> api.upload("later", Pictures.jpeg(9)).status() == 202);
        awaitReadyAgain("Redis " + mode, back);
    }

    @Test
    void refusesUploadsAndKeepsNothingWhileBothAreAway() {
        toRedis.mode(Mode.CUT);
        toQdrant.mode(Mode.CUT);

        for (int i = 0; i < 3; i++) {
            Answer answer = api.upload("p-" + i, Pictures.jpeg(i));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        }

        await().untilAsserted(() -> assertThat(
                        RunningVitrine.names(folder.resolve("data").resolve("spool")))
                .isEmpty());
    }

    /** Readiness names the part; processor time and log stay small. */
    private void sitOut(String what, String part) throws InterruptedException {
        await().atMost(Duration.ofSeconds(15)).until(() -> !service.isReady());
        assertThat(api.get("/observe/health/ready").response().body()).contains(part);
        Duration before = service.processorTime();
        long lines = service.log().lines().count();
        TimeUnit.NANOSECONDS.sleep(OUTAGE.toNanos());
        Duration used = service.processorTime().minus(before);
        long said = service.log().lines().count() - lines;
        double share = (double) used.toNanos() / OUTAGE.toNanos();
        System.out.printf("%s: %.1f %% processor, %d log lines in %d s%n", what, 100 * share, said, OUTAGE.toSeconds());
        assertThat(share).as("share of one processor").isLessThan(MOST_PROCESSOR);
        assertThat(said).as("log lines").isLessThanOrEqualTo(OUTAGE.toSeconds());
    }

    private void awaitAllCompleted(String what, List<String> jobs) {
        long back = System.nanoTime();
        await().atMost(RECOVERY).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
        awaitReadyAgain(what, back);
    }

    private void awaitReadyAgain(String what, long back) {
        await().atMost(RECOVERY).until(service::isReady);
        System.out.printf("%s: recovered in %d ms%n", what, (System.nanoTime() - back) / 1_000_000);
    }
}
