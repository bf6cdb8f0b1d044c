package dev.vitrine.archive;

import dev.vitrine.job.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Pictures in a folder, each content once under its SHA-256, however many products show it. {@code owners/} says which
 * content is which picture of which product, {@code pictures/} has the contents, each beside the names of its owners. Both
 * lie in 256 folders. Safe for many threads and processes.
 */
public final class Archive {
    /** How many folders owners and pictures are in, each. */
    public static final int SHARDS = 256;

    private final Owners owners;
    private final Contents contents;
    private final Path folder;

    /** @param folder made when the first picture is kept */
    public Archive(Path folder) {
        this.folder = folder;
        this.owners = new Owners(folder.resolve("owners"));
        this.contents = new Contents(folder.resolve("pictures"));
    }

    public Path folder() {
        return folder;
    }

    /**
     * Keeps the picture of a job, unless one of a later upload is there. On return it survives a loss of power. A link
     * where the file is on the same disk, so that it takes no room twice.
     *
     * @param picture is not written to any more
     * @throws UncheckedIOException when the disk cannot be written
     */
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

    /**
     * The latest picture kept under two ids, unless it is of an earlier upload than the one that is asked for.
     *
     * @param version of the upload
     * @throws UncheckedIOException when the disk cannot be read
     */
    public Optional<Path> find(String pictureKey, long version) {
        try {
            return owners.find(Owners.name(pictureKey))
                    .filter(label -> label.version() >= version)
                    .map(label -> contents.file(label.sha256()))
                    .filter(Files::exists);
        } catch (IOException e) {
            throw new UncheckedIOException("The archive cannot be read at " + folder, e);
        }
    }

    /**
     * The latest picture kept under two ids.
     *
     * @param pictureKey as {@link Job#pictureKey(String, String)} gives it
     * @throws UncheckedIOException when the disk cannot be read
     */
    public Optional<Path> find(String pictureKey) {
        return find(pictureKey, Long.MIN_VALUE);
    }

    /**
     * Removes from one of the folders what no product refers to any more.
     *
     * @param shard 0 to {@value #SHARDS} − 1
     * @param before what was kept since stays
     * @param isWanted says it of each other picture
     * @return how many contents were removed
     * @throws UncheckedIOException when the disk cannot be read or written
     */
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

    private boolean belongs(String sha256, String owner) throws IOException {
        return owners.find(owner).filter(label -> label.sha256().equals(sha256)).isPresent();
    }
}
