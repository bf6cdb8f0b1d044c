package dev.vitrine.indexing;

import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.index.thumbnail.Label;
import dev.vitrine.index.thumbnail.Owner;
import dev.vitrine.index.thumbnail.Thumbnails;
import dev.vitrine.job.Job;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a small picture of what is indexed, for as long as the index has it. */
public final class ThumbnailKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ThumbnailKeeper.class);

    /** A small picture may be written a moment before or after its point. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private final Thumbnails thumbnails;
    private final ProductCollections indexes;
    private final Clock clock;
    private final AtomicBoolean full = new AtomicBoolean();

    private final SweepTurns turns = new SweepTurns();

    public ThumbnailKeeper(Thumbnails thumbnails, ProductCollections indexes, Clock clock) {
        this.thumbnails = thumbnails;
        this.indexes = indexes;
        this.clock = clock;
    }

    /**
     * Keeps the small picture of a job. A disk or a store that cannot be written costs the small picture, not the job; the log says it
     * once.
     *
     * @param thumbnail null where none was made: then that of an earlier upload goes
     */
    public void keep(Job job, @Variable("thumbnail") byte[] thumbnail) {
        try {
            if (thumbnail == null) {
                thumbnails.remove(owner(job), job.version());
            } else {
                thumbnails.keep(owner(job), job.version(), thumbnail);
            }
            full.set(false);
        } catch (UncheckedIOException e) {
            if (full.compareAndSet(false, true)) {
                LOG.warn(
                        "{}: {}. Indexing goes on without them.",
                        e.getMessage(),
                        e.getCause().getMessage());
            }
        }
    }

    /**
     * Removes some of the small pictures whose points are gone: a share of all that changes each minute in a folder, so that
     * each is looked at every few hours, and each hour in an object store.
     */
    public void sweep() {
        Instant now = clock.instant();
        OptionalInt part = turns.next(now, thumbnails.sweepPeriod(), Thumbnails.SHARDS);
        if (part.isEmpty()) {
            return;
        }
        int removed = thumbnails.sweep(part.getAsInt(), now.minus(SETTLED), this::isIndexed);
        if (removed > 0) {
            LOG.info("Removed {} small pictures of products that are no longer in the index", removed);
        }
    }

    private boolean isIndexed(Label label) {
        Owner owner = label.owner();
        try {
            return indexes.of(owner.collection()).find(owner.productId()).stream()
                    .anyMatch(product ->
                            product.imageId().equals(owner.imageId()) && product.version() == label.version());
        } catch (UnknownCollectionException e) {
            return true; // the operator may list it again
        }
    }

    static Owner owner(Job job) {
        return new Owner(job.collection(), job.productId(), job.imageId());
    }
}
