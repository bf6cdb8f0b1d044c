package dev.vitrine.intake.drop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that a process holds locked while it lives; the system lets go of it when the process is killed. */
final class ProcessLock implements AutoCloseable {
    private static final int TRIES = 10;

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Makes the file and locks it. */
    static ProcessLock make(Path file) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Optional<ProcessLock> lock = lock(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            if (lock.isPresent()) {
                return lock.get();
            }
        }
        throw new IOException(file + " is locked by another process");
    }

    /** Locks a file whose process lives no more; empty where it lives. */
    static Optional<ProcessLock> ofDead(Path file) throws IOException {
        try {
            return lock(file, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it has just ended
        }
    }

    private static Optional<ProcessLock> lock(Path file, OpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            locked = lock != null && Files.exists(file); // and not removed by its holder meanwhile
            return locked ? Optional.of(new ProcessLock(file, channel)) : Optional.empty();
        } catch (OverlappingFileLockException e) {
            return Optional.empty(); // held within this very process
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    boolean isThere() {
        return Files.exists(file);
    }

    /** Removes the file, which is no lock any more then. */
    @Override
    public void close() throws IOException {
        try (FileChannel held = channel) {
            Files.deleteIfExists(file);
        }
    }
}
