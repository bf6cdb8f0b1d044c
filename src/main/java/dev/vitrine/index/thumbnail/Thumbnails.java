package dev.vitrine.index.thumbnail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Small JPEGs, one for each picture of the index, in 256 parts. Whose one is, and of which upload, stands in a comment at its
 * beginning. Losing them loses nothing but these. Safe for many threads and processes. Every method throws an {@link
 * java.io.UncheckedIOException} when the disk or the store fails.
 */
public interface Thumbnails {
    /** How many parts they are in. */
    int SHARDS = 256;

    /**
     * Keeps a picture, unless one of a later upload is there.
     *
     * @param version of the upload
     */
    void keep(Owner owner, long version, byte[] jpeg);

    /** The JPEG of an upload; empty where none is kept, or that of another upload. */
    Optional<byte[]> find(Owner owner, long version);

    /**
     * Removes a picture unless it is of a later upload.
     *
     * @param version the greatest to remove
     */
    void remove(Owner owner, long version);

    /**
     * Removes from one of the parts what is of no use any more.
     *
     * @param shard 0 to {@value #SHARDS} − 1
     * @param before what was written since stays
     * @param isWanted says it of each other one
     * @return how many were removed
     */
    int sweep(int shard, Instant before, Predicate<Label> isWanted);

    /** How long after one part the next one is to be swept. */
    Duration sweepPeriod();
}
