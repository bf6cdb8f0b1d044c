package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReceiversTest {
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final Receivers receivers = new Receivers(now::get);

    private long refused(String receiver) {
        return catchThrowableOfType(NoTurnException.class, () -> receivers.enter(receiver))
                .getDelayMillis();
    }

    private void fill(String receiver, int most) throws NoTurnException {
        for (int i = 0; i < most; i++) {
            receivers.enter(receiver);
        }
    }

    @Test
    void aReceiverGetsEightAtATimeAndAnotherIsNotHeldUp() throws Exception {
        fill("slow", 8);
        assertThat(refused("slow")).isPositive();
        assertThatCode(() -> receivers.enter("quick")).doesNotThrowAnyException();
        receivers.leave("slow", 10);
        assertThatCode(() -> receivers.enter("slow")).doesNotThrowAnyException();
    }

    @Test
    void oneThatTakesSecondsGetsTwo() throws Exception {
        receivers.enter("slow");
        receivers.leave("slow", 20_000);
        fill("slow", 2);
        assertThat(refused("slow")).isGreaterThan(1_000);
    }

    @Test
    void thoseThatWaitComeBackOneAfterTheOtherAndNotAllAtOnce() throws Exception {
        receivers.enter("slow");
        receivers.leave("slow", 20_000);
        fill("slow", 2);
        long first = refused("slow");
        long second = refused("slow");
        assertThat(second).isGreaterThan(first + 1_000);
        for (int i = 0; i < 100; i++) {
            refused("slow");
        }
        assertThat(refused("slow")).as("it may be quick again").isEqualTo(60_000);
    }

    @Test
    void oneThatAskedForAPauseGetsNothingUntilItIsOver() throws Exception {
        receivers.keepQuiet("busy", Duration.ofSeconds(30));
        assertThat(refused("busy")).isBetween(30_000L, 31_000L);
        now.addAndGet(30_000);
        assertThatCode(() -> receivers.enter("busy")).doesNotThrowAnyException();
    }
}
