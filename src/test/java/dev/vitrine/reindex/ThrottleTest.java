package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long WORK = TimeUnit.MILLISECONDS.toNanos(10);

    @Test
    void aTwelfthOfTheTimeIsTakenWhileOthersWaitAndAllOfItOtherwise() throws InterruptedException {
        assertThat(paused(new Throttle(() -> true))).isGreaterThanOrEqualTo(11 * WORK);
        int[] asked = {0};
        new Throttle(() -> asked[0]++ == 0).pause(TimeUnit.HOURS.toNanos(1)); // ends as soon as nobody waits
        assertThat(asked[0]).isEqualTo(2);
    }

    private static long paused(Throttle throttle) throws InterruptedException {
        long start = System.nanoTime();
        throttle.pause(WORK);
        return System.nanoTime() - start;
    }
}
