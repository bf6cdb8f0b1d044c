package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.http.limits.RateLimit;
import dev.vitrine.http.limits.Rates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rate over several processes, each with connections of its own to a real Redis. */
class SharedBucketsTest {
    @TempDir
    Path folder;

    private static Rates rates(RateLimit limit, SharedBuckets buckets) {
        return new Rates(limit, Optional.of(buckets.manager()));
    }

    private static long passed(Rates rates, String caller, int requests) {
        return IntStream.range(0, requests)
                .filter(i -> rates.ask(caller).join().passes())
                .count();
    }

    @Test
    void isHeldWithinFivePercentByThreeProcessesTogether() {
        RateLimit limit = new RateLimit(2_000, Duration.ofMinutes(1));
        try (RedisServer redis = new RedisServer(folder, "no").start();
                SharedBuckets one = new SharedBuckets(new RedisSettings(redis.url(), Duration.ofDays(7)));
                SharedBuckets two = new SharedBuckets(new RedisSettings(redis.url(), Duration.ofDays(7)));
                SharedBuckets three = new SharedBuckets(new RedisSettings(redis.url(), Duration.ofDays(7)));
                Rates first = rates(limit, one);
                Rates second = rates(limit, two);
                Rates third = rates(limit, three)) {
            long begin = System.nanoTime();
            List<CompletableFuture<Long>> counts = new ArrayList<>();
            for (Rates rates : List.of(first, second, third)) {
                counts.add(CompletableFuture.supplyAsync(() -> passed(rates, "key:shop", 4_000)));
            }
            long passed = counts.stream().mapToLong(CompletableFuture::join).sum();
            double seconds = (System.nanoTime() - begin) / 1e9;
            double allowed = 2_000 + 2_000 / 60.0 * seconds;
            assertThat((double) passed).isBetween(allowed * 0.95, allowed * 1.05);
            assertThat(passed(first, "key:other", 100)).isEqualTo(100);
        }
    }

    @Test
    void isHeldByEachProcessWhileRedisIsAwayAndTogetherAfterwards() {
        RateLimit limit = new RateLimit(40, Duration.ofHours(1));
        try (RedisServer redis = new RedisServer(folder, "everysec").start();
                SharedBuckets one = new SharedBuckets(new RedisSettings(redis.url(), Duration.ofDays(7)));
                SharedBuckets two = new SharedBuckets(new RedisSettings(redis.url(), Duration.ofDays(7)));
                Rates first = rates(limit, one);
                Rates second = rates(limit, two)) {
            assertThat(passed(first, "key:shop", 10)).isEqualTo(10);
            redis.kill();
            // Counted on where the shared bucket left off.
            assertThat(passed(first, "key:shop", 100)).isEqualTo(30);
            assertThat(passed(second, "key:shop", 100)).isEqualTo(40);
            redis.start();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> second.ask("key:shop").join().passes());
            long more = passed(first, "key:shop", 100) + passed(second, "key:shop", 100);
            assertThat(more).isBetween(20L, 39L);
        }
    }
}
