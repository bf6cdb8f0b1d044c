package dev.vitrine.meter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that may take long to read, or never come: whoever asks gets the last one that did. It is read anew, on a thread
 * of its own, when somebody asks and it is no longer fresh.
 */
public final class Sample<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Sample.class);

    private final Samples samples;
    private final long freshNanos;
    private final Callable<T> read;
    private final Executor threads;
    private volatile T value;
    private volatile long readAt;
    private CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
    private volatile long begunAt;

    Sample(Samples samples, Duration fresh, Callable<T> read, Executor threads) {
        this.samples = samples;
        this.freshNanos = fresh.toNanos();
        this.read = read;
        this.threads = threads;
    }

    /** The last value; empty before there was one. */
    public Optional<T> value() {
        samples.freshen();
        return Optional.ofNullable(value);
    }

    /** A number of the last value; NaN before there was one. */
    public double number(ToDoubleFunction<T> part) {
        return value().map(now -> part.applyAsDouble(now)).orElse(Double.NaN);
    }

    /** How old the last value is, in seconds; NaN before there was one. */
    public double ageSeconds() {
        samples.freshen();
        return value == null ? Double.NaN : (System.nanoTime() - readAt) / 1e9;
    }

    /** Whether a reading has been under way for so long. */
    public synchronized boolean isPendingFor(Duration time) {
        return !reading.isDone() && System.nanoTime() - begunAt > time.toNanos();
    }

    /** Begins to read where that is due; a reading that somebody waited for already is not waited for again. */
    synchronized CompletableFuture<Void> begin() {
        long now = System.nanoTime();
        boolean isFresh = begunAt != 0 && now - begunAt < freshNanos;
        if (!reading.isDone() || isFresh) {
            return CompletableFuture.completedFuture(null);
        }
        begunAt = now;
        reading = CompletableFuture.runAsync(this::readNow, threads);
        return reading;
    }

    private void readNow() {
        try {
            value = read.call();
            readAt = System.nanoTime();
        } catch (Exception e) { // what is away is said elsewhere; here its last value grows old
            LOG.debug("A gauge could not be read", e);
        }
    }
}
