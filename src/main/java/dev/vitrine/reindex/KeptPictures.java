package dev.vitrine.reindex;

import dev.vitrine.archive.Archive;
import dev.vitrine.archive.ArchivedFile;
import dev.vitrine.archive.FolderArchive;
import dev.vitrine.job.Job;
import dev.vitrine.reindex.ModelState.From;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where pictures of uploads are kept as they came: in the archive, where one is wanted; else, while a second model takes its
 * pictures from where imports had them, in the data folder. Safe for many threads and processes.
 */
public final class KeptPictures {
    private final Optional<Archive> archive;
    private final Path folder;
    private final Archive meanwhile;
    private final Supplier<ModelState> state;

    /**
     * @param archive the one that is wanted
     * @param dataDir the data folder
     * @param state what the file says now
     */
    public KeptPictures(Optional<Archive> archive, Path dataDir, Supplier<ModelState> state) {
        this.archive = archive;
        this.folder = dataDir.resolve("reindex-pictures");
        this.meanwhile = new FolderArchive(folder.resolve("uploads"));
        this.state = state;
    }

    /** Where pictures are to be kept now; empty where they are not. */
    public Optional<Archive> now() {
        if (archive.isPresent()) {
            return archive;
        }
        ModelState now = state.get();
        return now.other() != null && now.from() == From.MANIFEST ? Optional.of(meanwhile) : Optional.empty();
    }

    /** The archive that is wanted for all time. */
    public Optional<Archive> archive() {
        return archive;
    }

    /** The picture of an upload, or of a later one of the same picture; to be closed. */
    Optional<ArchivedFile> find(String collection, String productId, String imageId, long version) {
        return now().flatMap(
                        kept -> kept.find(Job.pictureKey(Job.productKey(collection, productId), imageId), version));
    }

    /** For notes about a build. */
    Path notes(ModelState of) {
        return folder.resolve("manifests-" + of.last());
    }

    /** Removes what was kept in the data folder for a build. */
    void forget() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be removed; no build needs it any more", e);
        }
    }
}
