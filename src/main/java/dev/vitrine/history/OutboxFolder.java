package dev.vitrine.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder that this process has for itself for as long as it runs, beside those of other processes with the same data
 * folder. After a crash the next process takes it with what is in it.
 */
final class OutboxFolder implements AutoCloseable {
    private static final int MOST_PROCESSES = 1_000;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private OutboxFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the first folder that no living process has. */
    static OutboxFolder take(Path parent) throws IOException {
        for (int i = 0; i < MOST_PROCESSES; i++) {
            Path path = Files.createDirectories(parent.resolve(Integer.toString(i)));
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = null;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                // another service in this process has it
            }
            if (lock != null) {
                return new OutboxFolder(path, channel, lock);
            }
            channel.close();
        }
        throw new IOException("More than " + MOST_PROCESSES + " processes use " + parent);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
