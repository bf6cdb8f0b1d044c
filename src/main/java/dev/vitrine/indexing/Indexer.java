package dev.vitrine.indexing;

import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.job.Job;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import dev.vitrine.spool.Spool;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a job's vector into the index. */
public final class Indexer {
    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);

    private final ProductCollections indexes;
    private final Generations generations;
    private final Spool spool;
    private final ArchiveKeeper keeper;
    private final Clock clock;
    private final Timer times;
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * @param keeper has kept the pictures of jobs
     * @param times how long upserts took that the index took
     */
    public Indexer(
            ProductCollections indexes,
            Generations generations,
            Spool spool,
            ArchiveKeeper keeper,
            Clock clock,
            Timer times) {
        this.indexes = indexes;
        this.generations = generations;
        this.spool = spool;
        this.keeper = keeper;
        this.clock = clock;
        this.times = times;
    }

    /**
     * Makes the point of a job unless the index holds a newer upload of the same picture; returns once it is durable. The
     * log says once that the index is away, and once that it is back. While a new model is introduced, the picture is also
     * embedded by the other one where that must have it.
     *
     * @param vector L2-normalised, as long as the model has dimensions
     * @param generation whose model made the vector; null for the one that serves
     * @throws IndexUnavailableException when the index is away
     * @throws RefusedByIndexException when it does not take what the job brings
     */
    public void upsert(Job job, float[] vector, @Variable("generation") Generation generation)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try {
            String collection = indexes.known(job.collection());
            Generation written = generation == null ? generations.serving() : generation;
            written.indexes().of(collection).upsert(product(job, written), vector);
            times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            keeper.keepMissed(job);
            for (Generation owed : generations.alsoOwed(written)) {
                embed(job, collection, owed);
            }
        } catch (UnknownCollectionException e) {
            throw e; // the operator may list it yet
        } catch (IllegalArgumentException e) {
            throw new RefusedByIndexException(e);
        } catch (IndexUnavailableException e) {
            if (away.compareAndSet(false, true)) {
                LOG.warn("{} Jobs wait for it.", e.getMessage());
            }
            throw e;
        }
        if (away.compareAndSet(true, false)) {
            LOG.info("The index is back; indexing goes on");
        }
    }

    private void embed(Job job, String collection, Generation owed) throws IOException, InterruptedException {
        try {
            owed.indexes().of(collection).upsert(product(job, owed), owed.embed(spool.picture(job.id())));
        } catch (UnusablePictureException e) {
            LOG.warn(
                    "{} has no vector for picture {} of product {}: {}",
                    owed.indexes().space().model(),
                    job.imageId(),
                    job.productId(),
                    e.getMessage());
        } catch (NoSuchFileException e) { // a site's route indexes what the spool never had
            LOG.warn(
                    "Picture {} of product {} is not in the spool, so {} has no vector of it",
                    job.imageId(),
                    job.productId(),
                    owed.indexes().space().model());
        }
    }

    private Product product(Job job, Generation generation) {
        return new Product(
                job.productId(),
                job.imageId(),
                job.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                job.version(),
                generation.indexes().space().model(),
                job.metadata());
    }
}
