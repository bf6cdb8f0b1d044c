package dev.vitrine.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Flushes the names in a folder: one flush serves all whose files were renamed before it began. */
final class SharedFlush {
    private final Path folder;

    /** How many files were renamed into place; guards {@link #flushed}. */
    private final AtomicLong renamed = new AtomicLong();

    /** How many of them are known to be on disk under their names. */
    private long flushed;

    SharedFlush(Path folder) {
        this.folder = folder;
    }

    /** Returns when what was renamed before is on disk under its name. */
    void run() throws IOException {
        long mine = renamed.incrementAndGet();
        synchronized (renamed) {
            if (flushed < mine) {
                long all = renamed.get();
                flushFolder(folder);
                flushed = all;
            }
        }
    }

    /** Makes the names in a folder survive a loss of power. */
    static void flushFolder(Path folder) throws IOException {
        try {
            flush(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException e) {
            // Windows opens no folder, and journals its names itself.
        }
    }

    static void flush(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
