package dev.vitrine.spool;

import dev.vitrine.job.Job;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Remembers which products and pictures were deleted, and when, so that an upload that was accepted before and is done after
 * does not bring one back. Safe for many threads and processes. Every method throws an {@link java.io.UncheckedIOException}
 * when the disk or the store fails.
 */
public interface Tombstones {
    /**
     * Remembers that a product or one of its pictures was deleted; durable on return.
     *
     * @param key of the product or of the picture, as a {@link Job} gives it
     * @param version uploads of a greater version came later
     */
    void remember(String key, long version);

    /** The version of the latest deletion under a key, −1 where none is remembered. */
    long version(String key);

    /**
     * The version of the latest deletion of all, −1 where none is remembered; looks at each.
     *
     * @param until greater ones are passed over
     */
    long newest(long until);

    /** The version of the latest deletion that concerns a job, of its product or of its picture; −1 where there is none. */
    long of(Job job);

    /**
     * Forgets deletions that are older than the given age and concern nothing that waits, and what a crash left of one.
     *
     * @param age longer than a worker that lost its lease may still hold a picture
     * @param waiting asked for the keys of what waits, once there is something old; later uploads do not matter
     * @return how many were forgotten
     */
    int forget(Duration age, Supplier<Set<String>> waiting);
}
