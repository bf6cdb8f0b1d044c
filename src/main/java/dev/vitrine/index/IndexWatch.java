package dev.vitrine.index;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after an index that another process serves, so that the log has a line when it goes away and one when it is back. */
final class IndexWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWatch.class);

    private final ProductIndex index;
    private final ScheduledExecutorService looks;
    private boolean away;
    private long awaySince;

    /**
     * @param period between two looks
     * @param knownToBeAway whether the log already says that it is away
     */
    IndexWatch(ProductIndex index, Duration period, boolean knownToBeAway) {
        this.index = index;
        this.away = knownToBeAway;
        this.awaySince = System.nanoTime();
        this.looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "index-watch");
            thread.setDaemon(true);
            return thread;
        });
        looks.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            index.check();
            if (away) {
                away = false;
                LOG.info("The index is back after {} s", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - awaySince));
            }
        } catch (RuntimeException e) {
            if (!away && !looks.isShutdown()) {
                away = true;
                awaySince = System.nanoTime();
                LOG.warn(
                        "{}. Until then uploads wait in the queue, and searches are answered with 503.",
                        e.getMessage());
            }
        } catch (OutOfMemoryError e) { // says nothing of the index, and must not end the looks
            LOG.error("Out of memory while asking the index; trying again", e);
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
