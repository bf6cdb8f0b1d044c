package dev.vitrine.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

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

    /**
     * Has the files of folders whose processes are gone taken over, also where no other process starts in their place.
     *
     * @param suffixes what the names of such files end with
     */
    void adopt(List<String> suffixes, Adopter adopter) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(path.getParent(), Files::isDirectory)) {
            for (Path folder : folders) {
                if (!folder.equals(path)) {
                    adopt(folder, suffixes, adopter);
                }
            }
        }
    }

    private static void adopt(Path folder, List<String> suffixes, Adopter adopter) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(file ->
                            suffixes.stream().anyMatch(file.getFileName().toString()::endsWith))
                    .sorted()
                    .toList();
        }
        if (left.isEmpty()) {
            return;
        }
        try (FileChannel theirs =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock free = theirs.tryLock()) {
            if (free != null) {
                for (Path file : left) {
                    adopter.take(file);
                }
            }
        } catch (OverlappingFileLockException e) {
            // another service in this process has it
        }
    }

    /** Takes a file over. */
    @FunctionalInterface
    interface Adopter {
        void take(Path file) throws IOException;
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
