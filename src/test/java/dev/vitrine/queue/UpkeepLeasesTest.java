package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(RedisExtension.class)
class UpkeepLeasesTest {
    private static final Duration LEASE = Duration.ofMillis(300);

    private JobQueue queue;
    private StringRedisTemplate redis;

    @BeforeEach
    void connect(RedisConnections connections) {
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
    }

    @Test
    void theFirstToAskHoldsATaskForAsLongAsItLives() {
        try (UpkeepLeases first = new UpkeepLeases(queue, "first", LEASE);
                UpkeepLeases second = new UpkeepLeases(queue, "second", LEASE)) {
            assertThat(first.take("spool")).isTrue();
            assertThat(redis.opsForValue().get("{vitrine}:upkeep:spool")).startsWith("first ");

            await().during(LEASE.multipliedBy(3)).atMost(LEASE.multipliedBy(20)).until(() -> !second.take("spool"));
            assertThat(first.take("spool")).isTrue();
            assertThat(second.take("history")).as("another task").isTrue();
        }
    }

    @Test
    void whoIsGoneIsFollowedWhenItsLeaseHasRunOut() {
        redis.opsForValue().set("{vitrine}:upkeep:spool", "killed", LEASE);
        try (UpkeepLeases second = new UpkeepLeases(queue, "second", LEASE)) {
            assertThat(second.take("spool")).isFalse();
            await().until(() -> second.take("spool"));
        }
    }

    @Test
    void whoStopsInOrderIsFollowedAtOnce() {
        try (UpkeepLeases second = new UpkeepLeases(queue, "second", LEASE)) {
            try (UpkeepLeases first = new UpkeepLeases(queue, "first", LEASE)) {
                assertThat(first.take("spool")).isTrue();
                assertThat(second.take("spool")).isFalse();
            }
            assertThat(second.take("spool")).isTrue();
        }
    }

    @Test
    void whoLostItsLeaseDoesNotRenewThatOfAnother() {
        try (UpkeepLeases first = new UpkeepLeases(queue, "first", LEASE)) {
            first.take("spool");
            redis.opsForValue().set("{vitrine}:upkeep:spool", "another", Duration.ofSeconds(2));

            await().during(LEASE.multipliedBy(2)).atMost(LEASE.multipliedBy(6)).until(() -> "another"
                    .equals(redis.opsForValue().get("{vitrine}:upkeep:spool")));
            first.release("spool");
            assertThat(redis.opsForValue().get("{vitrine}:upkeep:spool")).isEqualTo("another");
        }
    }

    @Test
    void whileRedisIsAwayNobodyIsChosen() {
        try (RedisConnections nowhere = new RedisConnections("redis://127.0.0.1:1");
                UpkeepLeases alone = new UpkeepLeases(
                        new JobQueue(nowhere.template(), "vitrine", QueueSettings.DEFAULT), "alone", LEASE)) {
            assertThat(alone.take("spool")).isFalse();
        }
    }
}
