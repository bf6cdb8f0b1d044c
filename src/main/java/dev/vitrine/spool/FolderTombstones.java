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

/** {@link Tombstones} in a folder, a file each. Of two processes that delete one product at once the earlier may win. */
public final class FolderTombstones implements Tombstones {
    private static final String SUFFIX = ".deleted";

    private final Path folder;

    /** @param folder made when the first product is deleted */
    public FolderTombstones(Path folder) {
        this.folder = folder;
    }

    @Override
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

    @Override
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

    @Override
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

    @Override
    public long of(Job job) {
        return Math.max(version(job.productKey()), version(job.pictureKey()));
    }

    @Override
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
