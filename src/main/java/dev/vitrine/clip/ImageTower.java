package dev.vitrine.clip;

import java.nio.FloatBuffer;

/** Turns prepared pictures into vectors; safe for many threads at once. */
@FunctionalInterface
interface ImageTower {

    /**
     * Runs the model on a batch.
     *
     * @param pixels direct, in native byte order, with room for the largest batch; the first {@code count} pictures
     *     count
     * @return {@code count} rows, as the model gives them, not normalised
     */
    float[][] run(FloatBuffer pixels, int count) throws Exception;

    /** Asks the run on this thread, if there is one, to end with an exception as soon as it can. */
    default void terminate(Thread thread) {}
}
