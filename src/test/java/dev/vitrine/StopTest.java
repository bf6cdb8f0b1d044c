package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A service that is stopped or killed with work before it owes that work, and its next start does it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs SIGTERM and SIGKILL")
class StopTest {
    private static final int WAITING = 50;

    /** A busy machine takes a multiple of what a quiet one does. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Slow enough to decode that jobs pile up behind it: 8 megapixels. */
    private static final byte[] LARGE = Pictures.encode("png", 1, 3_200, 2_500);

    @TempDir
    Path data;

    private RedisServer redis;
    private ServiceProcess service;
    private HttpApi api;

    private void start(String redisUrl) {
        service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(data, Map.of("VITRINE_WORKERS", "1", "VITRINE_REDIS_URL", redisUrl)),
                        data.resolve("service.log"))
                .launch()
                .awaitReady();
        api = new HttpApi(service.url());
    }

    /** One that does not end with the service, and so shows what the service left in it. */
    @BeforeEach
    void startRedis() {
        redis = new RedisServer(data.resolve("site-redis"), "everysec").start();
    }

    @AfterEach
    void stop() {
        service.close();
        redis.close();
    }

    @Test
    void finishesWhatItRunsWhenToldToStopAndTheRestAfterTheNextStart() {
        start(redis.url());
        List<String> jobs = acceptMoreThanItCanRun();

        long told = System.nanoTime();
        service.terminate();
        Set<Integer> answers = answersUntilExit();
        int status = service.awaitExit(Duration.ofSeconds(10));
        long took = (System.nanoTime() - told) / 1_000_000;

        assertThat(status).as("exit status").isZero();
        assertThat(took).as("ms to stop").isLessThan(10_000);
        assertThat(answers).as("answers meanwhile").contains(503).isSubsetOf(200, 503);
        System.out.printf("Stopped with %d jobs in hand in %d ms%n", jobs.size(), took);
        try (Jedis connection = redis.connect()) {
            assertThat(connection.zcard("{vitrine}:leases"))
                    .as("jobs that would wait for a lease")
                    .isZero();
            assertThat(connection.llen("{vitrine}:jobs"))
                    .as("jobs that were handed back or not begun")
                    .isPositive();
            assertThat(connection.zcard("{vitrine}:workers"))
                    .as("workers that count as alive")
                    .isZero();
        }
        service.launch().awaitReady();
        awaitAllCompleted(jobs);
        assertThat(jobs.stream().map(this::job))
                .as("a job that was handed back was not begun")
                .allSatisfy(
                        job -> assertThat(job.body().path("attempts").asInt()).isEqualTo(1));
    }

    @Test
    void losesNothingWhenKilled() {
        start("embedded");
        List<String> jobs = acceptMoreThanItCanRun();

        service.kill();

        service.launch().awaitReady();
        awaitAllCompleted(jobs);
    }

    /** Uploads until at least 50 jobs wait. */
    private List<String> acceptMoreThanItCanRun() {
        List<String> jobs = new ArrayList<>();
        while (waiting() < WAITING) {
            assertThat(jobs).as("uploads until " + WAITING + " wait").hasSizeLessThan(500);
            int from = jobs.size();
            jobs.addAll(IntStream.range(from, from + 25)
                    .parallel()
                    .mapToObj(i -> {
                        Answer answer = api.upload("p-" + i, LARGE);
                        assertThat(answer.status()).isEqualTo(202);
                        return answer.text("job_id");
                    })
                    .toList());
        }
        return jobs;
    }

    /** What requests are answered until the service is gone; those that find no server any more have no answer. */
    private Set<Integer> answersUntilExit() {
        Set<Integer> answers = new HashSet<>();
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            try {
                answers.add(api.get("/stats").status());
            } catch (UncheckedIOException e) {
                // the server is closed already
            }
            return !service.isAlive();
        });
        return answers;
    }

    private int waiting() {
        return api.get("/stats").body().path("jobs").path("queued").asInt();
    }

    /** The earliest moment at which something would be left running. */
    @Test
    void leavesNothingRunningWhenToldToStopWhileItStarts() {
        service = new ServiceProcess(
                        RunningVitrine.HOME, RunningVitrine.environment(data, Map.of()), data.resolve("log"))
                .launch();
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> !programsOf(data)
                .isEmpty());

        service.terminate();

        assertThat(service.awaitExit(PATIENCE)).as(service.log()).isZero();
        assertThat(programsOf(data)).isEmpty();
    }

    private static List<String> programsOf(Path folder) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().command().orElse(""))
                .filter(command -> command.startsWith(folder.resolve("redis").toString()))
                .toList();
    }

    private void awaitAllCompleted(List<String> jobs) {
        await("all jobs completed").atMost(PATIENCE).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(id -> assertThat(job(id).text("status")).isEqualTo("completed")));
        assertThat(IntStream.range(0, jobs.size())).allSatisfy(i -> assertThat(
                        api.get("/products/p-" + i).body().path("images").size())
                .isEqualTo(1));
        await().untilAsserted(() ->
                assertThat(RunningVitrine.files(data.resolve("spool"))).isEmpty());
    }

    private Answer job(String id) {
        return api.get("/jobs/" + id);
    }
}
