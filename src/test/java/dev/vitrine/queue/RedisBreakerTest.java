package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RedisBreakerTest {

    @Test
    void opensWhileRedisIsAwayAndClosesWhenItIsBack() {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try (RedisBreaker breaker = new RedisBreaker(() -> {
            if (failure.get() != null) {
                throw failure.get();
            }
        })) {
            assertThat(breaker.isClosed()).isTrue();
            failure.set(new IllegalArgumentException("away"));
            await().until(() -> !breaker.isClosed());
            failure.set(null);
            await().until(breaker::isClosed);
        }
    }

    @Test
    void keepsAskingAfterItRanOutOfMemory() {
        AtomicInteger pings = new AtomicInteger();
        try (RedisBreaker breaker = new RedisBreaker(() -> {
            if (pings.getAndIncrement() == 0) {
                throw new OutOfMemoryError("for a test");
            }
        })) {
            await().until(() -> pings.get() >= 2);
            assertThat(breaker.isClosed()).isTrue();
        }
    }
}
