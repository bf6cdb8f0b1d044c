package dev.vitrine.archive;

import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An {@link Archive} in a folder, each content once under its SHA-256, however many products show it. {@code owners/} says which
 * content is which picture of which product, {@code pictures/} has the contents, each beside the names of its owners. Both
 * lie in 256 folders.
 */
public final class FolderArchive implements Archive {
    private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);

    private final Owners owners;
    private final Contents contents;
    private final Path folder;

    /** @param folder made when the first picture is kept */
    public FolderArchive(Path folder) {
        this.folder = folder;
        this.owners = new Owners(folder.resolve("owners"));
        this.contents = new Contents(folder.resolve("pictures"));
    }

    /** A link where the file is on the same disk, so that it takes no room twice. */
    @Override
    public void keep(Job job, Path picture) {
        try {
            String sha256 = Contents.sha256(picture);
            ArchivedPicture label =
                    new ArchivedPicture(job.collection(), job.productId(), job.imageId(), job.version(), sha256);
            String owner = Owners.name(job.pictureKey());
            contents.put(sha256, picture);
            contents.addOwner(sha256, owner);
            owners.put(owner, label);
            contents.put(sha256, picture); // a sweep may have looked before the owner was there
        } catch (IOException e) {
            throw new UncheckedIOException("The archive cannot be written at " + folder, e);
        }
    }

    @Override
    public Optional<ArchivedFile> find(String pictureKey, long version) {
        try {
            return owners.find(Owners.name(pictureKey))
                    .filter(label -> label.version() >= version)
                    .map(label -> contents.file(label.sha256()))
                    .filter(Files::exists)
                    .map(file -> new ArchivedFile(file, false));
        } catch (IOException e) {
            throw new UncheckedIOException("The archive cannot be read at " + folder, e);
        }
    }

    @Override
    public boolean has(String pictureKey, long version) {
        return find(pictureKey, version).isPresent();
    }

    @Override
    public int sweep(int shard, Instant before, Predicate<ArchivedPicture> isWanted) {
        try {
            owners.sweep(shard, before, isWanted);
            return contents.sweep(shard, before, this::belongs);
        } catch (NoSuchFileException e) {
            return 0; // another process sweeps, too
        } catch (IOException e) {
            throw new UncheckedIOException("The archive cannot be swept at " + folder, e);
        }
    }

    @Override
    public Duration sweepPeriod() {
        return SWEEP_PERIOD;
    }

    @Override
    public void check() {
        if (!Files.isWritable(folder)) {
            throw new IllegalStateException(
                    "The archive " + folder + " cannot be written; mount it, or set VITRINE_ARCHIVE to another folder");
        }
    }

    private boolean belongs(String sha256, String owner) throws IOException {
        return owners.find(owner).filter(label -> label.sha256().equals(sha256)).isPresent();
    }
}
