package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import dev.vitrine.testing.TcpProxy;
import dev.vitrine.testing.TcpProxy.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An outage of a server costs time, not jobs, and neither processor nor log meanwhile. */
@Tag("chaos")
@TestInstance(Lifecycle.PER_CLASS)
class OutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(6);
    private static final Duration RECOVERY = Duration.ofSeconds(10);
    private static final double MOST_PROCESSOR = 0.05;

    private static final String REDIS_USER = "vitrine";
    private static final String KEY = "right";
    private static final String OTHER_KEY = "changed";

    /** How a server is not there for the service. */
    private enum Outage {
        /** Its process was killed; it is started again in the end. */
        KILLED,
        /** The network closes every connection. */
        CUT,
        /** The network accepts everything and nothing comes back. */
        HANGING,
        /** So slow that no answer comes in time. */
        CRAWLING,
        /** It does not accept the service's key any more. */
        REFUSING
    }

    private Path data;
    private RedisServer redis;
    private QdrantServer qdrant;
    private TcpProxy toRedis;
    private TcpProxy toQdrant;
    private ServiceProcess service;
    private HttpApi api;
    private Outage ofRedis;
    private Outage ofQdrant;

    @BeforeAll
    void start(@TempDir(factory = KeptFolder.class, cleanup = CleanupMode.NEVER) Path folder) {
        data = folder.resolve("data");
        redis = new RedisServer(folder.resolve("redis"), "everysec")
                .withUser(REDIS_USER, KEY)
                .start();
        qdrant = QdrantServer.startNew(qdrantKey(KEY));
        toRedis = new TcpProxy(redis.port());
        toQdrant = new TcpProxy(Integer.parseInt(qdrant.grpcUrl().replaceAll(".*:", "")));
        service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(
                                data,
                                Map.of(
                                        "VITRINE_REDIS_URL",
                                        "redis://" + REDIS_USER + ":" + KEY + "@127.0.0.1:" + toRedis.port(),
                                        "VITRINE_QDRANT_URL",
                                        "http://127.0.0.1:" + toQdrant.port(),
                                        "VITRINE_QDRANT_API_KEY",
                                        KEY,
                                        "VITRINE_WORKERS",
                                        "1")),
                        folder.resolve("service.log"))
                .launch()
                .awaitReady();
        api = new HttpApi(service.url());
        // What an outage costs is not what a young JVM costs.
        List<String> first = upload("first", 200, 202);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(first)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
        // Nor is the first refused key, for which the client's code is loaded and compiled, what the next one costs.
        beginQdrant(Outage.REFUSING);
        List<String> held = upload("refused-first", 20, 202);
        await().atMost(Duration.ofSeconds(15)).until(() -> !isAllUp());
        await().pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(2)).until(() -> !isAllUp());
        endQdrant();
        await().atMost(Duration.ofSeconds(20)).until(this::isAllUp);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(held)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
    }

    @AfterEach
    void heal() {
        endRedis();
        endQdrant();
        await().atMost(Duration.ofSeconds(20)).until(this::isAllUp);
        await("nothing is owed").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(kept())
                .isEmpty());
    }

    @AfterAll
    void stop() {
        service.close();
        toRedis.close();
        toQdrant.close();
        redis.close();
        qdrant.close();
    }

    @ParameterizedTest
    @EnumSource
    void holdsJobsWhileTheIndexIsAway(Outage outage) throws Exception {
        beginQdrant(outage);
        List<String> jobs = upload("held-" + outage, 20, 202);

        sitOut("index " + outage, "index", true);
        assertThat(api.searchByPicture(Pictures.jpeg(1)).status()).isEqualTo(503);
        long back = endQdrant();

        awaitRecovery("index " + outage, back, jobs);
    }

    @ParameterizedTest
    @EnumSource
    void indexesWhileTheClientWaitsAndRedisIsAway(Outage outage) throws Exception {
        List<String> jobs = upload("before-" + outage, 20, 202);
        beginRedis(outage);
        upload("meanwhile-" + outage, 5, 200);

        sitOut("Redis " + outage, "redis", true);
        assertThat(api.get("/products/meanwhile-" + outage + "-0").status()).isEqualTo(200);
        long back = endRedis();

        await().atMost(RECOVERY)
                .until(() -> api.upload("later", Pictures.jpeg(9)).status() == 202);
        awaitRecovery("Redis " + outage, back, jobs);
    }

    @Test
    void worksOnWhileServersAreSlow() throws Exception {
        toRedis.mode(Mode.SLOW);
        toQdrant.mode(Mode.SLOW);
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Answer answer = api.upload("slow-" + i, Pictures.jpeg(i));
            assertThat(answer.status()).isIn(200, 202);
            jobs.add(answer.text("job_id"));
        }

        measure("both slow");

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
        assertThat(service.isReady()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "HANGING", "REFUSING"})
    void refusesUploadsAndKeepsNothingWhileBothAreAway(Outage outage) throws Exception {
        beginRedis(outage);
        beginQdrant(outage);

        for (int i = 0; i < 3; i++) {
            Answer answer = api.upload("refused-" + outage, Pictures.jpeg(i));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        }

        await().untilAsserted(() -> assertThat(kept()).isEmpty());

        sitOut("both " + outage, "index", false);
        endQdrant();
        long back = endRedis();
        await().atMost(RECOVERY)
                .until(() -> api.upload("later", Pictures.jpeg(9)).status() == 202);
        awaitRecovery("both " + outage, back, List.of());
        assertThat(api.get("/products/refused-" + outage).status()).isEqualTo(404);
    }

    private void beginRedis(Outage outage) {
        ofRedis = outage;
        switch (outage) {
            case KILLED -> redis.kill();
            case REFUSING -> redis.password(REDIS_USER, OTHER_KEY);
            default -> toRedis.mode(mode(outage));
        }
    }

    /** Ends an outage; returns when the server was there again. */
    private long endRedis() {
        toRedis.mode(Mode.PASS);
        if (ofRedis == Outage.KILLED) {
            redis.start();
        } else if (ofRedis == Outage.REFUSING) {
            redis.password(REDIS_USER, KEY);
        }
        ofRedis = null;
        return System.nanoTime();
    }

    private void beginQdrant(Outage outage) {
        ofQdrant = outage;
        switch (outage) {
            case KILLED -> qdrant.kill();
            case REFUSING -> {
                qdrant.kill();
                qdrant.start(qdrantKey(OTHER_KEY));
            }
            default -> toQdrant.mode(mode(outage));
        }
    }

    private long endQdrant() {
        toQdrant.mode(Mode.PASS);
        if (ofQdrant == Outage.KILLED) {
            qdrant.start();
        } else if (ofQdrant == Outage.REFUSING) {
            qdrant.kill();
            qdrant.start(qdrantKey(KEY));
        }
        ofQdrant = null;
        return System.nanoTime();
    }

    private static Mode mode(Outage outage) {
        return switch (outage) {
            case CUT -> Mode.CUT;
            case HANGING -> Mode.HANG;
            case CRAWLING -> Mode.CRAWL;
            default -> throw new IllegalArgumentException(outage + " is not the network's doing");
        };
    }

    private static Map<String, String> qdrantKey(String key) {
        return Map.of("QDRANT__SERVICE__API_KEY", key);
    }

    private List<String> upload(String products, int count, int status) {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Answer answer = api.upload(products + "-" + i, Pictures.jpeg(i));
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
            jobs.add(answer.text("job_id"));
        }
        return jobs;
    }

    private List<String> kept() {
        return Stream.of("spool", "uploads")
                .flatMap(name -> RunningVitrine.files(data.resolve(name)).stream())
                .toList();
    }

    /**
     * Health names the part, the process is ready as long as it can serve anything, processor time and log stay small.
     */
    private void sitOut(String what, String part, boolean ready) throws InterruptedException {
        await().atMost(Duration.ofSeconds(15)).until(() -> !isAllUp());
        String health = api.get("/observe/health").response().body();
        assertThat(health).contains("\"name\":\"" + part + "\",\"status\":\"DOWN\",\"message\":");
        if (what.endsWith("REFUSING")) {
            assertThat(health).containsPattern("API key|WRONGPASS");
        }
        measure(what);
        assertThat(service.isReady()).as("ready during the outage").isEqualTo(ready);
        assertThat(isAllUp()).as("all up during the outage").isFalse();
    }

    private boolean isAllUp() {
        return api.get("/observe/health").status() == 200;
    }

    private void measure(String what) throws InterruptedException {
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

    private void awaitRecovery(String what, long back, List<String> jobs) {
        await().atMost(RECOVERY).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(
                        id -> assertThat(api.get("/jobs/" + id).text("status")).isEqualTo("completed")));
        await().atMost(RECOVERY).until(this::isAllUp);
        long took = System.nanoTime() - back;
        System.out.printf("%s: recovered in %d ms%n", what, took / 1_000_000);
        assertThat(Duration.ofNanos(took)).as("recovery").isLessThan(RECOVERY);
    }
}
