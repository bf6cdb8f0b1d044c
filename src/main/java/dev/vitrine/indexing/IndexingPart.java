package dev.vitrine.indexing;

import dev.vitrine.index.IndexPart;
import dev.vitrine.job.JobEvents;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.reindex.ReindexPart;
import dev.vitrine.spool.SpoolPart;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.List;

/** What the worker's routes call. */
public final class IndexingPart implements Part {
    private final ReindexPart reindex;
    private final IndexPart index;
    private final QueuePart queue;
    private final SpoolPart spool;
    private final JobEvents events;
    private final Clock clock;
    private final Timer embeds;
    private final Timer upserts;

    /** @param events is told of jobs that are done, before the spool forgets them */
    public IndexingPart(
            ReindexPart reindex,
            IndexPart index,
            QueuePart queue,
            SpoolPart spool,
            JobEvents events,
            MeterRegistry meters,
            Clock clock) {
        this.reindex = reindex;
        this.index = index;
        this.queue = queue;
        this.spool = spool;
        this.events = events;
        this.clock = clock;
        this.embeds = Timer.builder("vitrine.embed")
                .description("Time to embed a picture, the wait for a batch included")
                .register(meters);
        this.upserts = Timer.builder("vitrine.upsert")
                .description("Time until the index had a picture's point on disk")
                .register(meters);
    }

    /** Embeds pictures of jobs and of searches. */
    public PictureEmbedder embedder() {
        return new PictureEmbedder(reindex.generations(), embeds);
    }

    private ArchiveKeeper keeper() {
        return new ArchiveKeeper(reindex.kept(), spool.spool(), index.collections(), clock);
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("embedder", PictureEmbedder.class, this::embedder),
                Offer.of("preparer", Preparer.class, () -> new Preparer(reindex.generations())),
                Offer.of(
                        "indexer",
                        Indexer.class,
                        () -> new Indexer(
                                index.collections(), reindex.generations(), spool.spool(), keeper(), clock, upserts)),
                Offer.of(
                        "worklist",
                        Worklist.class,
                        () -> new Worklist(
                                spool.spool(),
                                queue.store().orElse(queue.local()),
                                index.collections(),
                                spool.tombstones(),
                                events)),
                Offer.of("archiveKeeper", ArchiveKeeper.class, this::keeper),
                Offer.of(
                        "deletions",
                        Deletions.class,
                        () -> new Deletions(spool.tombstones(), index.collections(), index.thumbnails())),
                Offer.of(
                        "thumbnailKeeper",
                        ThumbnailKeeper.class,
                        () -> new ThumbnailKeeper(index.thumbnails(), index.collections(), clock)));
    }
}
