package dev.vitrine.spool;

import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Remembers on disk which products and pictures were deleted, and when, so that an upload that was accepted before and is done after
 * does not bring one back. Safe for many threads and, but for two deletions of one product at once, many processes.
 */
public final class Tombstones {
    private static final String SUFFIX = ".deleted";

    private final Path folder;

    /** @param folder made when the first product is deleted */
    public Tombstones(Path folder) {
        this.folder = folder;
    }

    /**
     * Remembers that a product or one of its pictures was deleted; durable on return.
     *
     * @param key of the product or of the picture, as a {@link Job} gives it
     * @param version uploads of a greater version came later
     * @throws UncheckedIOException when the disk cannot be written
     */
    public synchronized void remember(String key, long version) {
        if (version(key) >= version) {
            return;
        }
        Path file = file(key);
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, ".part-", SUFFIX);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(Long.toString(version).getBytes(StandardCharsets.US_ASCII)));
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            SharedFlush.flushFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The deletion cannot be written to " + folder, e);
        }
    }

    /**
     * The version of the latest deletion under a key, −1 where none is remembered.
     *
     * @throws UncheckedIOException when the disk cannot be read
     */
    public long version(String key) {
        return read(file(key));
    }

    private long read(Path file) {
        try {
            return Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException("Deletions cannot be read from " + folder, e);
        }
    }

    /**
     * The version of the latest deletion of all, −1 where none is remembered; looks at each.
     *
     * @param until greater ones are passed over
     * @throws UncheckedIOException when the disk cannot be read
     */
    public long newest(long until) {
        if (!Files.isDirectory(folder)) {
            return -1;
        }
        long newest = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*" + SUFFIX)) {
            for (Path file : files) {
                long version = read(file);
                newest = version <= until ? Math.max(newest, version) : newest;
            }
            return newest;
        } catch (IOException e) {
            throw new UncheckedIOException("Deletions cannot be read from " + folder, e);
        }
    }

    /** The version of the latest deletion that concerns a job, of its product or of its picture; −1 where there is none. */
    public long of(Job job) {
        return Math.max(version(job.productKey()), version(job.pictureKey()));
    }

    /**
     * Forgets deletions that are older than the given age and concern nothing that waits, and what a crash left of one.
     *
     * @param age longer than a worker that lost its lease may still hold a picture
     * @param waiting asked for the keys of what waits, once there is something old; later uploads do not matter
     * @return how many were forgotten
     */
    public int forget(Duration age, Supplier<Set<String>> waiting) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        List<Path> old = new ArrayList<>();
        Instant before = new FolderClock(folder).now().minus(age);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    old.add(file);
                }
            }
            if (old.isEmpty()) {
                return 0;
            }
            Set<Path> needed = waiting.get().stream().map(this::file).collect(Collectors.toSet());
            int forgotten = 0;
            for (Path file : old) {
                if (!needed.contains(file) && Files.deleteIfExists(file)) {
                    forgotten++;
                }
            }
            return forgotten;
        } catch (NoSuchFileException e) {
            return 0; // another process forgets, too
        } catch (IOException e) {
            throw new UncheckedIOException("Deletions cannot be forgotten in " + folder, e);
        }
    }

    /** Product ids may hold what a file's name may not, and differ in case alone. */
    private Path file(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
