package dev.vitrine.work;

import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.job.Job;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Puts a job's vector into the index. */
public final class Indexer {
    private final ProductIndex index;
    private final String model;
    private final Clock clock;

    /** @param model name of the model that makes the vectors */
    public Indexer(ProductIndex index, String model, Clock clock) {
        this.index = index;
        this.model = model;
        this.clock = clock;
    }

    /**
     * Makes the point of a job unless the index holds a newer upload of the same picture; returns once it is durable.
     *
     * @param vector L2-normalised, as long as the model has dimensions
     */
    public void upsert(Job job, float[] vector) {
        index.upsert(
                new Product(
                        job.productId(),
                        job.imageId(),
                        job.name(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        job.version(),
                        model,
                        job.metadata()),
                vector);
    }
}
