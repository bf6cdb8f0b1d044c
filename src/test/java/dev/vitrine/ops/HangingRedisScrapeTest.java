package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.Scrape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who watches the service learns most when something hangs. */
class HangingRedisScrapeTest {
    private static final String WAITING = "vitrine_queue_depth{queue=\"vitrine\",state=\"waiting\"}";
    private static final String AGE = "vitrine_sample_age_seconds{of=\"queue vitrine\"}";
    private static final String PART = "vitrine_part_up{part=\"redis\"}";

    @TempDir
    private Path folder;

    @Test
    void aScrapeAnswersAtOnceWithTheLastValuesAndTheirAge() throws Exception {
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), "no").start();
                RunningVitrine service = RunningVitrine.start(
                        folder.resolve("data"), Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_ROLE", "api"))) {
            String url = service.settings().http().url();
            service.api().upload("waits", Pictures.jpeg(1));
            await().atMost(Duration.ofSeconds(10)).until(() -> Scrape.of(url).value(WAITING) == 1);
            assertThat(Scrape.of(url).value(AGE)).isLessThan(2);
            await().atMost(Duration.ofSeconds(10)).until(() -> Scrape.of(url).value(PART) == 1);

            redis.pause();
            List<Duration> times = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        Scrape scrape = Scrape.of(url);
                        times.add(scrape.took());
                        return scrape.value(AGE) > 3 && scrape.value(PART) == 0;
                    });

            assertThat(Scrape.of(url).value(WAITING)).isEqualTo(1);
            assertThat(times.stream().sorted().toList().get(times.size() / 2)).isLessThan(Duration.ofMillis(50));

            redis.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                Scrape scrape = Scrape.of(url);
                return scrape.value(AGE) < 2 && scrape.value(PART) == 1;
            });
        }
    }
}
