package dev.vitrine.reindex;

import dev.vitrine.index.IndexSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says whether the disk of the data folder can take another embedded index. */
final class Room {
    /** Of a point beside its vector: payload, ids, its place in the graph. */
    private static final long PAYLOAD_BYTES = 1_000;

    /** While segments merge, a point is there twice. */
    private static final int COPIES = 2;

    private final Path dataDir;
    private final boolean isEmbedded;
    private final long minFree;

    /** @param minFree bytes below which uploads are refused */
    Room(Path dataDir, IndexSettings settings, long minFree) {
        this.dataDir = dataDir;
        this.isEmbedded = settings.url().equals(IndexSettings.EMBEDDED);
        this.minFree = minFree;
    }

    /**
     * Returns if there is room for a whole new index.
     *
     * @throws IllegalStateException saying how much there is and how much it takes
     */
    void check(long points, int dimensions) {
        check(points * (PAYLOAD_BYTES + dimensions * (long) Float.BYTES) * COPIES);
    }

    /** Returns if uploads are still taken. */
    void check() {
        check(0);
    }

    private void check(long needed) {
        try {
            long free = Files.getFileStore(dataDir).getUsableSpace();
            if (isEmbedded && free - needed < minFree) {
                throw new IllegalStateException("The disk of " + dataDir + " has " + megabytes(free)
                        + " MB free; another index takes up to " + megabytes(needed) + " MB, and "
                        + megabytes(minFree) + " MB (VITRINE_MIN_FREE) must be left. Make room first");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The disk of " + dataDir + " cannot be asked for its room", e);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }
}
