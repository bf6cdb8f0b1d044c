package dev.vitrine.spool;

import dev.vitrine.job.Job;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pictures and their jobs between acceptance and end, the record of what is owed. {@code ID.img} is the picture as it came,
 * {@code ID.json} the job as accepted; both lie in one of 256 parts, which the id says. An endpoint of the route writes the
 * picture, then the record under the name that this gives; {@link #commit} makes both durable. With it the job is accepted,
 * and it is owed until the record is gone. What cannot be read or written is an {@link UncheckedIOException}. Safe for many
 * threads and many processes on one spool.
 */
public interface Spool {
    /**
     * Makes ready what is missing.
     *
     * @throws UncheckedIOException when that cannot be done
     */
    Spool open();

    /** Where it is, for people. */
    String place();

    /** A folder on the disk that pictures need room on. */
    Path disk();

    /** What the endpoint of the route is to call a picture. */
    String pictureName(String jobId);

    /** What it is to call a record that is not committed. */
    String recordName(String jobId);

    /** The picture of a job as a file, which is not there where the spool has no such picture. */
    Path picture(String jobId);

    /** The job as accepted, or empty where the spool owes nothing under this id. */
    Optional<Job> find(String jobId);

    /** What ties an owed job to the trace of its upload, as the W3C's header; empty where there is none. */
    default Optional<String> traceparent(String jobId) {
        return find(jobId).map(Job::traceparent);
    }

    /** Whether the spool owes a job. */
    boolean owes(String jobId);

    /**
     * Accepts a job whose picture and record were written. On return it survives a loss of power.
     *
     * @throws UncheckedIOException when that fails; the job is not accepted then, and {@link #discard} clears it away
     */
    void commit(String jobId);

    /**
     * Forgets a job: what it owed is done or refused. The record goes first, so that a crash in between leaves a picture
     * that nobody is waiting for, which {@link #sweep} removes.
     */
    void remove(String jobId);

    /** Forgets an upload that was refused while it was written, committed or not. */
    void discard(String jobId);

    /**
     * Calls back with the ids of some of the jobs that the spool owes, so that a full spool need not be listed at once.
     *
     * @param cursor where the last call ended; empty to begin
     * @param most how many names to look at, about; a record and a picture have one each
     * @return where the next call is to go on; empty when all were looked at
     */
    String someOwed(String cursor, int most, Consumer<String> action);

    /** Calls back with the id of each job that the spool owes. */
    default void forEachOwed(Consumer<String> action) {
        String cursor = "";
        do {
            cursor = someOwed(cursor, Integer.MAX_VALUE, action);
        } while (!cursor.isEmpty());
    }

    /** How many jobs the spool owes. */
    default long size() {
        long[] count = new long[1];
        forEachOwed(id -> count[0]++);
        return count[0];
    }

    /** What the spool takes; may be some minutes old where it is large. */
    SpoolUse use();

    /**
     * Removes some of what crashes left behind: pictures without a record and half-written files of the given age.
     *
     * @param cursor where the last call ended; empty to begin
     * @param most how many names to look at, about
     */
    Swept sweep(Duration age, String cursor, int most);

    /** Removes all that crashes left behind, and says how many files that were. */
    default int sweep(Duration age) {
        int removed = 0;
        String cursor = "";
        do {
            Swept swept = sweep(age, cursor, Integer.MAX_VALUE);
            removed += swept.removed();
            cursor = swept.next();
        } while (!cursor.isEmpty());
        return removed;
    }

    /**
     * Tries the spool out.
     *
     * @throws UncheckedIOException where it does not work, with a message for an operator
     */
    void check();

    /**
     * What a part of a sweep did.
     *
     * @param removed how many files
     * @param next where the next call is to go on; empty when all were looked at
     */
    record Swept(int removed, String next) {}
}
