package dev.vitrine.indexing;

import dev.vitrine.archive.Archive;
import dev.vitrine.archive.ArchivedPicture;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.job.Job;
import dev.vitrine.reindex.KeptPictures;
import dev.vitrine.spool.Spool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps pictures as they came, where an archive is wanted, for as long as the index has them. */
public final class ArchiveKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveKeeper.class);

    /** A picture is archived a moment before it is indexed, or for longer where the index is away. */
    private static final Duration SETTLED = Duration.ofDays(1);

    private final KeptPictures kept;
    private final Spool spool;
    private final ProductCollections indexes;
    private final Clock clock;

    private final SweepTurns turns = new SweepTurns();

    public ArchiveKeeper(KeptPictures kept, Spool spool, ProductCollections indexes, Clock clock) {
        this.kept = kept;
        this.spool = spool;
        this.indexes = indexes;
        this.clock = clock;
    }

    /**
     * Keeps the picture of a job. It is there before the index has the point, so that every point has its picture.
     *
     * @throws java.io.UncheckedIOException when the archive cannot be written; the job is tried again then
     */
    public void keep(Job job) {
        kept.now().ifPresent(archive -> keep(job, archive));
    }

    /** Keeps it where that became wanted only after {@link #keep} had looked; to be asked once the index has the point. */
    void keepMissed(Job job) {
        if (kept.archive().isPresent()) {
            return; // it was wanted all the time
        }
        kept.now()
                .filter(archive -> !archive.has(job.pictureKey(), job.version()))
                .ifPresent(archive -> keep(job, archive));
    }

    private void keep(Job job, Archive archive) {
        Path picture = spool.picture(job.id());
        if (Files.exists(picture)) { // a site's route may index what the spool never had
            archive.keep(job, picture);
        }
    }

    /**
     * Removes some of the pictures whose products are gone: a share of all that changes each minute in a folder, so that each
     * is looked at every few hours, and each hour in an object store.
     */
    public void sweep() {
        if (kept.archive().isEmpty()) {
            return;
        }
        Archive archive = kept.archive().get();
        Instant now = clock.instant();
        OptionalInt part = turns.next(now, archive.sweepPeriod(), Archive.SHARDS);
        if (part.isEmpty()) {
            return;
        }
        int removed = archive.sweep(part.getAsInt(), now.minus(SETTLED), this::isIndexed);
        if (removed > 0) {
            LOG.info("Removed {} pictures from the archive whose products are no longer in the index", removed);
        }
    }

    private boolean isIndexed(ArchivedPicture picture) {
        try {
            return indexes.of(picture.collection()).find(picture.productId()).stream()
                    .anyMatch(product -> product.imageId().equals(picture.imageId()));
        } catch (UnknownCollectionException e) {
            return true; // the operator may list it again
        }
    }
}
