package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose clock is set back while it runs goes on as if nothing had happened. Needs Debian's libfaketime. */
@Tag("cluster")
class ClockSetBackTest {
    private static final Duration BACK = Duration.ofMinutes(-10);

    @TempDir
    Path folder;

    private Clock clock;
    private RedisServer redis;
    private ServiceProcess service;
    private HttpApi api;

    @BeforeEach
    void start() {
        assumeTrue(Clock.canBeWrong(), "there is no libfaketime");
        clock = Clock.at(folder.resolve("clock")).orElseThrow();
        redis = new RedisServer(folder.resolve("redis"), "everysec").start();
        Map<String, String> environment = new HashMap<>(
                RunningVitrine.environment(folder.resolve("data"), Map.of("VITRINE_REDIS_URL", redis.url())));
        environment.putAll(clock.environment());
        service = new ServiceProcess(RunningVitrine.HOME, environment, folder.resolve("service.log"));
        service.launch().awaitReady();
        api = new HttpApi(service.url());
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void redisIsUsedAgainAfterAnOutageBefore() {
        redis.pause();
        awaitUploadsAnswered(200);
        redis.resume();
        awaitUploadsAnswered(202);

        setBack();

        awaitUploadsAnswered(202);
        assertThatJobsAreDone();
    }

    @Test
    void redisIsUsedAgainAfterAnOutageMeanwhile() {
        redis.pause();
        awaitUploadsAnswered(200);
        setBack();
        redis.resume();

        awaitUploadsAnswered(202);
        assertThatJobsAreDone();
    }

    /** The library looks for the time once a second; versions and numbers of jobs do not show the clock. */
    private void setBack() {
        clock.set(BACK);
        await("its clock is set back").pollDelay(Duration.ofSeconds(3)).until(() -> true);
    }

    /** 202 with a queue, 200 without. */
    private void awaitUploadsAnswered(int status) {
        await("uploads are answered with " + status)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(api.upload("next", Pictures.jpeg(2)).status())
                                .isEqualTo(status));
    }

    private void assertThatJobsAreDone() {
        String job = api.upload("last", Pictures.jpeg(3)).text("job_id");
        await("the job is done")
                .atMost(Duration.ofSeconds(20))
                .until(() -> api.get("/jobs/" + job).text("status").equals("completed"));
    }
}
