package dev.vitrine.image;

import java.util.concurrent.Semaphore;

/**
 * Bounds how many pixels are being decoded at once over all threads, so that a few large pictures at a time do not
 * exhaust the heap. First come, first served. A picture larger than the whole budget waits until it is alone.
 */
final class PixelBudget {

    private final int total;
    private final Semaphore free;

    /** @param pixels the budget; at least 1 */
    PixelBudget(long pixels) {
        if (pixels < 1) {
            throw new IllegalArgumentException("The pixels in flight must be at least 1: " + pixels);
        }
        this.total = (int) Math.min(pixels, Integer.MAX_VALUE);
        this.free = new Semaphore(total, true);
    }

    /** Waits for room for that many pixels; closing what it returns makes the room free again. */
    Share take(long pixels) throws InterruptedException {
        int permits = (int) Math.min(pixels, total);
        free.acquire(permits);
        return () -> free.release(permits);
    }

    /** How many pictures wait for room. */
    int waiting() {
        return free.getQueueLength();
    }

    /** Room taken from the budget. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }
}
