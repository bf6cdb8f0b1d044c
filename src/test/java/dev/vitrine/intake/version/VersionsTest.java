package dev.vitrine.intake.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.queue.RedisBreaker;
import dev.vitrine.queue.RedisConnections;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.queue.VersionCounter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Two processes whose clocks are ten minutes apart, one Redis, and an index that both see. */
class VersionsTest {
    private static final String COUNTER = "{vitrine}:version";
    private static final long MINUTE = 60_000;
    private static final long EMBEDDING = 3_000_000;

    private static RedisServer redis;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Index index = new Index();

    /** What all processes see: the greatest version of each product. */
    private static final class Index implements GivenVersions {
        private final Map<String, Long> versions = new ConcurrentHashMap<>();

        long put(String product, long version) {
            versions.merge(product, version, Math::max);
            return version;
        }

        @Override
        public long of(String collection, String productId, String imageId) {
            return versions.getOrDefault(productId, -1L);
        }

        @Override
        public void newest(long until, LongConsumer found) {
            versions.values().stream().filter(version -> version <= until).forEach(found::accept);
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = new RedisServer(folder, "always").start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void forget() {
        try (Jedis jedis = redis.connect()) {
            jedis.flushAll();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Versions process(long minutesAhead) {
        RedisConnections connections = new RedisConnections(redis.url());
        RedisBreaker breaker = new RedisBreaker(() -> connections.template().hasKey("ping"));
        open.add(breaker);
        open.add(connections);
        Versions versions = new Versions(
                Optional.of(new VersionCounter(connections.template(), "vitrine")),
                breaker,
                index,
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutesAhead)),
                System::nanoTime);
        versions.begin();
        return versions;
    }

    /** By turns, each after the answer of the other; without Redis the answer says that the picture is indexed. */
    private void uploadByTurns(int uploads, Versions... processes) {
        long before = index.of(null, "mug", "main");
        for (int i = 0; i < uploads; i++) {
            long version = processes[i % processes.length].next(null, "mug", "main");
            assertThat(version).as("upload %d", i).isGreaterThan(before);
            before = index.put("mug", version);
            LockSupport.parkNanos(EMBEDDING); // what an answer without Redis takes, at the very least
        }
    }

    private static long redisTime() {
        try (Jedis jedis = redis.connect()) {
            return Long.parseLong(jedis.time().get(0)) * 1_000;
        }
    }

    private static void set(long version) {
        try (Jedis jedis = redis.connect()) {
            jedis.set(COUNTER, Long.toString(version));
        }
    }

    /** Until a version comes from Redis again. */
    private static void awaitReturn(Versions... processes) {
        for (Versions process : processes) {
            Awaitility.await("versions come from Redis")
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        long version = process.next(null, "probe", "main");
                        try (Jedis jedis = redis.connect()) {
                            return Long.toString(version).equals(jedis.get(COUNTER));
                        }
                    });
        }
    }

    @Test
    void theLaterUploadIsTheNewerOneWhateverTheClocksOfTheProcessesSay() {
        uploadByTurns(100, process(-5), process(5));
        assertThat(index.of(null, "mug", "main"))
                .as("the time by Redis' clock")
                .isBetween(redisTime() - MINUTE, redisTime() + MINUTE);
    }

    @Test
    void orderHoldsOverATimeWithoutRedis() {
        Versions behind = process(-5);
        Versions ahead = process(5);
        uploadByTurns(20, behind, ahead);
        redis.kill();
        uploadByTurns(20, behind, ahead);
        assertThat(index.of(null, "mug", "main"))
                .as("each goes on from Redis' clock")
                .isBetween(System.currentTimeMillis() - MINUTE, System.currentTimeMillis() + MINUTE);
        redis.start();
        uploadByTurns(20, ahead, behind);
        awaitReturn(ahead);
        uploadByTurns(20, behind, ahead); // of which perhaps one alone reaches Redis again
        awaitReturn(behind, ahead);
        uploadByTurns(20, behind, ahead);
    }

    @Test
    void orderHoldsWhenProcessesThatNeverSawRedisReachIt() {
        redis.kill();
        Versions behind = process(-5);
        Versions ahead = process(5);
        uploadByTurns(20, ahead, behind);
        redis.start();
        awaitReturn(behind);
        uploadByTurns(20, behind, ahead);
        awaitReturn(ahead);
        uploadByTurns(20, behind, ahead);
    }

    @Test
    void anEmptiedRedisDoesNotGoBack() {
        Versions one = process(0);
        Versions other = process(0);
        set(redisTime() + 3 * MINUTE);
        uploadByTurns(4, one, other);
        long waiting = one.next(null, "cup", "main");
        index.put("cup", waiting);
        forget();
        assertThat(other.next(null, "cup", "main")).isGreaterThan(waiting);
    }

    @Test
    void aReplicaThatLostItsLastWritesAndWhoseClockIsBehindDoesNotGoBack() {
        Versions one = process(0);
        set(redisTime() + 3 * MINUTE); // as a clock that is behind sees it
        long before = one.next(null, "mug", "main");
        set(before - 10);
        assertThat(one.next(null, "mug", "main")).isGreaterThan(before);
    }

    @Test
    void aVersionOfAnotherCenturyIsNotFollowed() {
        Versions process = process(0);
        index.put("odd", 4_102_444_800_000L);
        process.follow(4_102_444_800_000L);
        forget();
        assertThat(process.next(null, "mug", "main")).isLessThan(redisTime() + MINUTE);
        assertThat(process.next()).isLessThan(redisTime() + MINUTE);
    }

    @Test
    void whatIsImportedIsOlderThanWhatIsUploadedAfterwards() {
        long imported = redisTime() + 5 * MINUTE;
        process(0).follow(imported);
        assertThat(process(0).next(null, "mug", "main")).isGreaterThan(imported);
    }

    @Test
    void withoutAnyRedisTheIndexKeepsTheOrder() {
        RedisBreaker breaker = RedisBreaker.alwaysOpen();
        Versions behind = alone(breaker, -5);
        Versions ahead = alone(breaker, 5);
        uploadByTurns(20, ahead, behind);
        assertThat(behind.next()).as("a deletion of many").isGreaterThan(index.of(null, "mug", "main"));
    }

    private Versions alone(RedisBreaker breaker, long minutesAhead) {
        return new Versions(
                Optional.empty(),
                breaker,
                index,
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutesAhead)),
                System::nanoTime);
    }
}
