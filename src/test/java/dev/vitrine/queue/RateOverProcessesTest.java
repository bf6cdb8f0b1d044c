package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One caller's rate at three processes of the service that share a Redis. */
class RateOverProcessesTest {
    private static final String KEY = "a-key-of-the-operator";
    private static final int LIMIT = 600;

    @TempDir
    Path folder;

    @Test
    void isOneRateWithinFivePercent() {
        List<ServiceProcess> processes = new ArrayList<>();
        try (RedisServer redis = new RedisServer(folder, "no").start()) {
            for (int i = 0; i < 3; i++) {
                Map<String, String> environment = RunningVitrine.environment(
                        folder.resolve("data-" + i),
                        Map.of(
                                "VITRINE_ROLE",
                                "api",
                                "VITRINE_REDIS_URL",
                                redis.url(),
                                "VITRINE_API_KEY",
                                KEY,
                                "VITRINE_RATE_LIMIT",
                                LIMIT + "/min"));
                processes.add(
                        new ServiceProcess(RunningVitrine.HOME, environment, folder.resolve("log-" + i)).launch());
            }
            processes.forEach(ServiceProcess::awaitReady);

            long begin = System.nanoTime();
            List<CompletableFuture<Long>> counts = processes.stream()
                    .map(process -> CompletableFuture.supplyAsync(() -> passed(process)))
                    .toList();
            long passed = counts.stream().mapToLong(CompletableFuture::join).sum();
            double seconds = (System.nanoTime() - begin) / 1e9;

            double allowed = LIMIT + LIMIT / 60.0 * seconds;
            assertThat((double) passed).isBetween(allowed * 0.95, allowed * 1.05);
        } finally {
            processes.forEach(ServiceProcess::close);
        }
    }

    /** Sends until far more have been sent than the rate allows, so that each process refuses some. */
    private static long passed(ServiceProcess process) {
        HttpApi api = new HttpApi(process.url()).with("X-API-Key", KEY);
        long passed = IntStream.range(0, LIMIT)
                .filter(i -> api.get("/jobs?limit=1").status() == 200)
                .count();
        assertThat(passed).isLessThan(LIMIT);
        return passed;
    }
}
