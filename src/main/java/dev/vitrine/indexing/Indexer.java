package dev.vitrine.indexing;

import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.job.Job;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a job's vector into the index. */
public final class Indexer {
    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);

    private final ProductCollections indexes;
    private final String model;
    private final Clock clock;
    private final Timer times;
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * @param model name of the model that makes the vectors
     * @param times how long upserts took that the index took
     */
    public Indexer(ProductCollections indexes, String model, Clock clock, Timer times) {
        this.indexes = indexes;
        this.model = model;
        this.clock = clock;
        this.times = times;
    }

    /**
     * Makes the point of a job unless the index holds a newer upload of the same picture; returns once it is durable. The
     * log says once that the index is away, and once that it is back.
     *
     * @param vector L2-normalised, as long as the model has dimensions
     * @throws IndexUnavailableException when the index is away
     * @throws RefusedByIndexException when it does not take what the job brings
     */
    public void upsert(Job job, float[] vector) {
        long start = System.nanoTime();
        try {
            indexes.of(job.collection()).upsert(product(job), vector);
            times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
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

    private Product product(Job job) {
        return new Product(
                job.productId(),
                job.imageId(),
                job.name(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                job.version(),
                model,
                job.metadata());
    }
}
