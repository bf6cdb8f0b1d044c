package dev.vitrine.archive;

import dev.vitrine.job.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Pictures as they came, the latest of each picture of each product, in 256 parts. Safe for many threads and processes. Every
 * method throws an {@link java.io.UncheckedIOException} when the disk or the store fails.
 */
public interface Archive {
    /** How many parts it has. */
    int SHARDS = 256;

    /**
     * Keeps the picture of a job, unless one of a later upload is there. On return it is durable.
     *
     * @param picture is not written to any more
     */
    void keep(Job job, Path picture);

    /**
     * The latest picture kept under two ids, unless it is of an earlier upload than the one that is asked for.
     *
     * @param pictureKey as {@link Job#pictureKey(String, String)} gives it
     * @param version of the upload
     */
    Optional<ArchivedFile> find(String pictureKey, long version);

    /** Whether {@link #find} would find something. */
    boolean has(String pictureKey, long version);

    /**
     * Removes from one of the parts what no product refers to any more.
     *
     * @param shard 0 to {@value #SHARDS} − 1
     * @param before what was kept since stays
     * @param isWanted says it of each other picture
     * @return how many contents were removed
     */
    int sweep(int shard, Instant before, Predicate<ArchivedPicture> isWanted);

    /** How long after one part the next one is to be swept. */
    Duration sweepPeriod();

    /**
     * Sees whether it can be used.
     *
     * @throws RuntimeException whose message says to an operator why not
     */
    void check();
}
