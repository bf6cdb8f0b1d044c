package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.LogLines;
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
    void staysOpenUntilWhatIsToBeDoneFirstIsDone() {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        try (RedisBreaker breaker = new RedisBreaker(() -> {})) {
            breaker.whenBack(() -> {
                assertThat(breaker.isClosed()).isFalse();
                if (calls.getAndIncrement() == 0) {
                    throw new IllegalArgumentException("not yet");
                }
            });
            breaker.open();
            await().until(breaker::isClosed);
            assertThat(calls).hasValue(2);
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

    @Test
    void saysAgainThatRedisIsNotFitAfterItWas() {
        AtomicReference<RuntimeException> failure = new AtomicReference<>(new IllegalStateException("too old"));
        try (LogLines log = new LogLines(RedisBreaker.class);
                RedisBreaker breaker = new RedisBreaker(() -> {
                    if (failure.get() != null) {
                        throw failure.get();
                    }
                })) {
            await().until(() -> !breaker.isClosed());
            failure.set(null);
            await().until(breaker::isClosed);
            failure.set(new IllegalStateException("too old"));
            await().until(() -> !breaker.isClosed());

            await().untilAsserted(() -> assertThat(log.messages()).hasSize(3));
            assertThat(log.messages().get(0)).startsWith("too old");
            assertThat(log.messages().get(1)).contains("back");
            assertThat(log.messages().get(2)).startsWith("too old");
        }
    }
}
