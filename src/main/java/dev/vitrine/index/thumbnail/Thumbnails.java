package dev.vitrine.index.thumbnail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Small JPEGs in a folder, one for each picture of the index, in 256 folders below it. Whose a file is, and of which upload,
 * stands in a comment at its beginning. Losing the folder loses nothing but these. Safe for many threads and processes.
 */
public final class Thumbnails {
    /** How many folders the files are in. */
    public static final int SHARDS = 256;

    private static final String SUFFIX = ".jpg";
    private static final int LOCKS = 64;

    private final Path folder;
    private final Object[] locks = new Object[LOCKS];

    /** @param folder made when the first picture is kept */
    public Thumbnails(Path folder) {
        this.folder = folder;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /**
     * Keeps a picture, unless one of a later upload is there.
     *
     * @param version of the upload
     * @throws UncheckedIOException when the disk cannot be written
     */
    public void keep(Owner owner, long version, byte[] jpeg) {
        Path file = file(owner);
        synchronized (lock(file)) {
            try {
                if (label(file).filter(label -> label.version() > version).isPresent()) {
                    return;
                }
                Files.createDirectories(file.getParent());
                Path part = Files.createTempFile(file.getParent(), ".part-", SUFFIX);
                Files.write(part, new Label(owner, version).on(jpeg));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("A small picture cannot be written to " + folder, e);
            }
        }
    }

    /**
     * The JPEG of an upload; empty where none is kept, or that of another upload.
     *
     * @throws UncheckedIOException when the disk cannot be read
     */
    public Optional<byte[]> find(Owner owner, long version) {
        try {
            byte[] jpeg = Files.readAllBytes(file(owner));
            return Label.of(jpeg)
                    .filter(label -> label.version() == version && label.owner().equals(owner))
                    .map(label -> jpeg);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("A small picture cannot be read in " + folder, e);
        }
    }

    /**
     * Removes a picture unless it is of a later upload.
     *
     * @param version the greatest to remove
     * @throws UncheckedIOException when the disk cannot be written
     */
    public void remove(Owner owner, long version) {
        Path file = file(owner);
        synchronized (lock(file)) {
            try {
                if (label(file).filter(label -> label.version() <= version).isPresent()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("A small picture cannot be removed from " + folder, e);
            }
        }
    }

    /**
     * Removes from one of the folders what is of no use any more.
     *
     * @param shard 0 to {@value #SHARDS} − 1
     * @param before what was written since stays
     * @param isWanted says it of each other file
     * @return how many were removed
     * @throws UncheckedIOException when the disk cannot be read or written
     */
    public int sweep(int shard, Instant before, Predicate<Label> isWanted) {
        int removed = 0;
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder.resolve(HexFormat.of().toHexDigits((byte) shard)))) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)
                        && label(file).filter(isWanted).isEmpty()) {
                    Files.deleteIfExists(file);
                    removed++;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return removed; // nothing was kept there yet, or another process removed a file first
        } catch (IOException e) {
            throw new UncheckedIOException("Small pictures in " + folder + " cannot be looked through", e);
        }
        return removed;
    }

    private static Optional<Label> label(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Label.of(in.readNBytes(Label.MOST_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Object lock(Path file) {
        return locks[Math.floorMod(file.hashCode(), LOCKS)];
    }

    private Path file(Owner owner) {
        try {
            String name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(owner.text().getBytes(StandardCharsets.UTF_8)));
            return folder.resolve(name.substring(0, 2)).resolve(name.substring(2) + SUFFIX);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
