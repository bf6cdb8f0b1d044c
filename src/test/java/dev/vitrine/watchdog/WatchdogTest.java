package dev.vitrine.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final Duration DEADLINE = Duration.ofMillis(50);

    private final AtomicBoolean spinning = new AtomicBoolean(true);
    private final Watchdog watchdog = new Watchdog("test", DEADLINE, 2);

    @AfterEach
    void end() {
        spinning.set(false);
        watchdog.close();
    }

    private String spin() {
        long turns = 0;
        while (spinning.get()) {
            turns++;
        }
        return "turned " + turns;
    }

    @Test
    void givesBackWhatTheTaskGives() throws Exception {
        assertThat(watchdog.call(() -> "result")).isEqualTo("result");
        assertThat(watchdog.stuck()).isZero();
    }

    @Test
    void throwsWhatTheTaskThrows() {
        assertThatThrownBy(() -> watchdog.call(() -> {
                    throw new IOException("no disk");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");
        assertThatThrownBy(() -> watchdog.call(() -> {
                    throw new OutOfMemoryError("no room");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void givesUpATaskThatComputesForEver() {
        assertThatThrownBy(() -> watchdog.call(this::spin))
                .isInstanceOfSatisfying(
                        StuckException.class, e -> assertThat(e.isBegun()).isTrue())
                .hasMessageContaining("50 ms");
        assertThat(watchdog.stuck()).isOne();

        spinning.set(false);

        await().until(() -> watchdog.stuck() == 0);
    }

    @Test
    void givesUpATaskThatWaitsForEverAndInterruptsIt() {
        AtomicBoolean interrupted = new AtomicBoolean();
        assertThatThrownBy(() -> watchdog.call(() -> {
                    try {
                        return new CountDownLatch(1).await(1, java.util.concurrent.TimeUnit.HOURS);
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                }))
                .isInstanceOf(StuckException.class);
        await().until(() -> interrupted.get() && watchdog.stuck() == 0);
    }

    /** What waits its turn on a busy machine computes little: the clock alone condemns nothing. */
    @Test
    void allowsATaskMoreTimeThanTheDeadlineWhenItDoesNotComputeMeanwhile() throws Exception {
        assertThat(watchdog.call(() -> {
                    Thread.sleep(3 * DEADLINE.toMillis());
                    return "late";
                }))
                .isEqualTo("late");
    }

    @Test
    void endsByOtherMeansWhatDoesNotHeedInterruption() {
        assertThatThrownBy(() -> watchdog.call(this::spin, thread -> spinning.set(false)))
                .isInstanceOf(StuckException.class);
        await().until(() -> watchdog.stuck() == 0);
    }

    @Test
    void beginsNothingWhileTooManyAreStuck() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> watchdog.call(this::spin)).isInstanceOf(StuckException.class);
        }
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> watchdog.call(runs::incrementAndGet))
                .isInstanceOfSatisfying(
                        StuckException.class, e -> assertThat(e.isBegun()).isFalse())
                .hasMessageContaining("Restart");
        assertThatThrownBy(watchdog::check).isInstanceOf(StuckException.class);
        assertThat(runs).hasValue(0);

        spinning.set(false);
        await().until(() -> watchdog.stuck() == 0);
        assertThat(watchdog.call(runs::incrementAndGet)).isOne();
    }
}
