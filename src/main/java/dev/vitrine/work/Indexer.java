package dev.vitrine.work;

import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.job.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a job's vector into the index. */
public final class Indexer {
    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 4_000;

    private final ProductIndex index;
    private final String model;
    private final Clock clock;
    private final AtomicBoolean away = new AtomicBoolean();

    /** @param model name of the model that makes the vectors */
    public Indexer(ProductIndex index, String model, Clock clock) {
        this.index = index;
        this.model = model;
        this.clock = clock;
    }

    /**
     * Makes the point of a job unless the index holds a newer upload of the same picture; returns once it is durable.
     * While the index is away it holds on to the vector and tries again, so that an outage costs no second encoding, and a
     * worker whose jobs all wait takes no more.
     *
     * @param vector L2-normalised, as long as the model has dimensions
     * @param patience how long to wait for an index that is away; null for not at all. A service that stops waits no
     *     longer
     * @throws IndexUnavailableException when the index is still away after that
     */
    public void upsert(Job job, float[] vector, Duration patience, Exchange exchange) throws InterruptedException {
        long end = System.nanoTime() + (patience == null ? 0 : patience.toNanos());
        for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            try {
                upsert(job, vector);
                if (away.compareAndSet(true, false)) {
                    LOG.info("The index is back; indexing goes on");
                }
                return;
            } catch (IndexUnavailableException e) {
                if (exchange.getContext().isStopping() || System.nanoTime() + pause * 1_000_000 > end) {
                    throw e;
                }
                if (away.compareAndSet(false, true)) {
                    LOG.warn("{} Jobs wait for it.", e.getMessage());
                }
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause));
            }
        }
    }

    private void upsert(Job job, float[] vector) {
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
