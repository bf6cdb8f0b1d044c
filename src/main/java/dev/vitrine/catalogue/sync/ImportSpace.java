package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** The folder in which imports to one service remember what they sent, for one import at a time. */
public final class ImportSpace implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;

    private ImportSpace(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes a folder, and clears it of what an import left that was killed.
     *
     * @throws BusyException where another import has it
     */
    public static ImportSpace open(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("fetched"));
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ImportSpace space = new ImportSpace(folder, lock);
        if (!isMine(lock)) {
            lock.close();
            throw new BusyException("Another import to the same service is running; run this one after it", null);
        }
        space.clear();
        return space;
    }

    private static boolean isMine(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where it is remembered what was sent. */
    public Path folder() {
        return folder;
    }

    /** A folder for what is fetched; emptied when this is closed. */
    public Path fetched() {
        return folder.resolve("fetched");
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.list(fetched())) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            clear();
        }
    }
}
