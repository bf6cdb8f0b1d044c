package dev.vitrine.index.thumbnail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** {@link Thumbnails} in a folder, with 256 folders below it. */
public final class FolderThumbnails implements Thumbnails {
    private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);
    private static final int LOCKS = 64;

    private final Path folder;
    private final Object[] locks = new Object[LOCKS];

    /** @param folder made when the first picture is kept */
    public FolderThumbnails(Path folder) {
        this.folder = folder;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    @Override
    public void keep(Owner owner, long version, byte[] jpeg) {
        Path file = file(owner);
        synchronized (lock(file)) {
            try {
                if (label(file).filter(label -> label.version() > version).isPresent()) {
                    return;
                }
                Files.createDirectories(file.getParent());
                Path part = Files.createTempFile(file.getParent(), ".part-", ThumbnailNames.SUFFIX);
                Files.write(part, new Label(owner, version).on(jpeg));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("A small picture cannot be written to " + folder, e);
            }
        }
    }

    @Override
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

    @Override
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

    @Override
    public int sweep(int shard, Instant before, Predicate<Label> isWanted) {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(ThumbnailNames.part(shard)))) {
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

    @Override
    public Duration sweepPeriod() {
        return SWEEP_PERIOD;
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
        return folder.resolve(ThumbnailNames.of(owner));
    }
}
