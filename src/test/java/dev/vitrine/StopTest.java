package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A service that is stopped or killed with work before it owes that work, and its next start does it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs SIGTERM and SIGKILL")
class StopTest {
    private static final int WAITING = 50;

    /** Slow enough to decode that jobs pile up behind it: 12 megapixels. */
    private static final byte[] LARGE = Pictures.encode("png", 1, 4_000, 3_000);

    @TempDir
    Path data;

    private ServiceProcess service;
    private HttpApi api;

    @BeforeEach
    void start() {
        service = new ServiceProcess(
                        RunningVitrine.HOME,
                        RunningVitrine.environment(data, Map.of("VITRINE_WORKERS", "1")),
                        data.resolve("service.log"))
                .launch()
                .awaitReady();
        api = new HttpApi(service.url());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void finishesWhatItRunsWhenToldToStopAndTheRestAfterTheNextStart() {
        List<String> jobs = acceptMoreThanItCanRun();

        long told = System.nanoTime();
        service.terminate();
        int status = service.awaitExit(Duration.ofSeconds(10));
        long took = (System.nanoTime() - told) / 1_000_000;

        assertThat(status).as("exit status").isZero();
        System.out.printf("Stopped with %d jobs in hand in %d ms%n", jobs.size(), took);
        service.launch().awaitReady();
        awaitAllCompleted(jobs, Duration.ofSeconds(20));
        assertThat(jobs.stream().map(this::job))
                .as("a job that was handed back was not begun")
                .allSatisfy(
                        job -> assertThat(job.body().path("attempts").asInt()).isEqualTo(1));
    }

    @Test
    void losesNothingWhenKilled() {
        List<String> jobs = acceptMoreThanItCanRun();

        service.kill();

        service.launch().awaitReady();
        // Sooner than the 30 s of a lease: nobody else can hold a job of the embedded Redis.
        awaitAllCompleted(jobs, Duration.ofSeconds(25));
    }

    private List<String> acceptMoreThanItCanRun() {
        List<String> jobs = IntStream.range(0, WAITING + 35)
                .parallel()
                .mapToObj(i -> {
                    Answer answer = api.upload("p-" + i, LARGE);
                    assertThat(answer.status()).isEqualTo(202);
                    return answer.text("job_id");
                })
                .toList();
        assertThat(api.get("/stats").body().path("jobs").path("queued").asInt())
                .as("jobs waiting")
                .isGreaterThanOrEqualTo(WAITING);
        return jobs;
    }

    private void awaitAllCompleted(List<String> jobs, Duration limit) {
        await("all jobs completed").atMost(limit).untilAsserted(() -> assertThat(jobs)
                .allSatisfy(id -> assertThat(job(id).text("status")).isEqualTo("completed")));
        assertThat(IntStream.range(0, jobs.size())).allSatisfy(i -> assertThat(
                        api.get("/products/p-" + i).body().path("images").size())
                .isEqualTo(1));
        await().untilAsserted(() ->
                assertThat(RunningVitrine.names(data.resolve("spool"))).isEmpty());
    }

    private Answer job(String id) {
        return api.get("/jobs/" + id);
    }
}
