package dev.vitrine.reindex;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Leaves the processors to uploads and searches: while pictures of theirs wait to be embedded it works no more than a twelfth
 * of the time, on one processor.
 */
final class Throttle {
    private static final int PAUSE_FACTOR = 11;
    private static final long LOOK_MILLIS = 2;

    private final BooleanSupplier othersWait;

    /** @param othersWait whether somebody waits for the model */
    Throttle(BooleanSupplier othersWait) {
        this.othersWait = othersWait;
    }

    /**
     * Returns when the next piece of work may begin.
     *
     * @param nanos what the last one took
     */
    void pause(long nanos) throws InterruptedException {
        long end = System.nanoTime() + PAUSE_FACTOR * nanos;
        while (System.nanoTime() - end < 0 && othersWait.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
