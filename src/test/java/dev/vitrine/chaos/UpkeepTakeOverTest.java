package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** What one process of several sees to, another takes over when that one is killed. */
@Tag("cluster")
class UpkeepTakeOverTest {
    private static final String LEASE = "{vitrine}:upkeep:spool";

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void theSurvivorSeesToUpkeepWithinHalfAMinute() {
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), "no").start();
                // No index is needed for this, and two processes cannot share the embedded one.
                Fleet fleet = new Fleet(
                        folder, Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_QDRANT_URL", "http://127.0.0.1:1"));
                Jedis jedis = redis.connect()) {
            fleet.add("one", "--role", "api");
            fleet.add("two", "--role", "api");
            await("somebody sees to it").atMost(Duration.ofSeconds(60)).until(() -> jedis.exists(LEASE));
            fleet.awaitReady();
            String holder = jedis.get(LEASE);
            await("and goes on")
                    .during(Duration.ofSeconds(8))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> holder.equals(jedis.get(LEASE)));

            String killed = holder.split(" ")[0];
            fleet.remove(killed);
            long before = System.nanoTime();
            await("the other takes over")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> jedis.exists(LEASE) && !holder.equals(jedis.get(LEASE)));
            assertThat(jedis.get(LEASE)).startsWith(killed.equals("one") ? "two " : "one ");
            System.out.printf("Upkeep went on %.1f s after a kill%n", (System.nanoTime() - before) / 1e9);
        }
    }
}
