package dev.vitrine.meter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The samples of a process. Reading them all, as a scrape does, waits {@link #PATIENCE} at most, all together, whatever
 * hangs. Nothing is read while nobody asks.
 */
public final class Samples implements AutoCloseable {
    /** How long whoever asks waits for new values. */
    static final Duration PATIENCE = Duration.ofMillis(20);

    /** Who asks again within this time belongs to the same scrape. */
    private static final long ONE_SCRAPE_NANOS = 500_000_000;

    private final MeterRegistry meters;
    private final List<Sample<?>> all = new CopyOnWriteArrayList<>();
    private final AtomicLong freshenedAt = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sample");
        thread.setDaemon(true);
        return thread;
    });

    /** @param meters gets the ages of samples */
    public Samples(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * A sample.
     *
     * @param fresh how old a value may be before it is read anew
     * @param read gives the value; where it throws, the last one stays
     */
    public <T> Sample<T> of(Duration fresh, Callable<T> read) {
        Sample<T> sample = new Sample<>(this, fresh, read, threads);
        all.add(sample);
        return sample;
    }

    /**
     * A sample whose age is a metric.
     *
     * @param name of what is read
     * @param fresh how old a value may be before it is read anew
     * @param read gives the value; where it throws, the last one stays
     */
    public <T> Sample<T> named(String name, Duration fresh, Callable<T> read) {
        Sample<T> sample = of(fresh, read);
        Gauge.builder("vitrine.sample.age", sample, Sample::ageSeconds)
                .description("How old the gauges are that are read from what may be away")
                .baseUnit("seconds")
                .tag("of", name)
                .register(meters);
        return sample;
    }

    /** Reads what is no longer fresh, and waits a moment for it, once a scrape. */
    void freshen() {
        long before = freshenedAt.get();
        long now = System.nanoTime();
        if (before != 0 && now - before < ONE_SCRAPE_NANOS || !freshenedAt.compareAndSet(before, now)) {
            return;
        }
        try {
            CompletableFuture.allOf(all.stream().map(Sample::begin).toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            // The last values do.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
