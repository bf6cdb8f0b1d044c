package dev.vitrine.reindex;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Leaves the processors to uploads and searches: while pictures of theirs are embedded, a twelfth of the time is taken. */
final class Throttle {
    private static final double SHARE = 1.0 / 12;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LongSupplier runs;
    private final double pauseFactor;
    private long seen;
    private long busyUntil = System.nanoTime();

    /**
     * @param runs of the models that others wait for, so far
     * @param processors of the machine
     */
    Throttle(LongSupplier runs, int processors) {
        this.runs = runs;
        this.pauseFactor = Math.max(0, 1 / (SHARE * processors) - 1);
        this.seen = runs.getAsLong();
    }

    /**
     * Returns when the next piece of work may begin.
     *
     * @param nanos what the last one took
     */
    void pause(long nanos) throws InterruptedException {
        long now = System.nanoTime();
        long done = runs.getAsLong();
        if (done != seen) {
            seen = done;
            busyUntil = now + QUIET_NANOS;
        }
        if (busyUntil - now > 0) {
            TimeUnit.NANOSECONDS.sleep((long) (nanos * pauseFactor));
        }
    }
}
