package dev.vitrine.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/**
 * Does something at a fixed rate. A latency counts from the moment at which a call was due, not from when a thread was free
 * for it, so a stall cannot hide the calls that would have come meanwhile (coordinated omission).
 *
 * @param perSecond calls a second, over all threads
 */
record FixedRate(int threads, double perSecond) {
    private static final long LEAD_NANOS = 20_000_000;
    private static final long HIGHEST_MICROS = 120_000_000;

    /**
     * Calls for so long.
     *
     * @param call gets the number of the call, from 0
     * @return the latencies in µs
     */
    Histogram run(Duration length, IntConsumer call) throws InterruptedException {
        double period = 1e9 / perSecond;
        int count = (int) Math.max(threads, length.toNanos() / period);
        long start = System.nanoTime() + LEAD_NANOS;
        AtomicInteger next = new AtomicInteger();
        Callable<Histogram> caller = () -> {
            Histogram latencies = new Histogram(HIGHEST_MICROS, 3);
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long due = start + (long) (i * period);
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                call.accept(i);
                latencies.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - due) / 1_000));
            }
            return latencies;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Histogram>> callers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                callers.add(caller);
            }
            Histogram all = new Histogram(HIGHEST_MICROS, 3);
            for (Future<Histogram> one : pool.invokeAll(callers)) {
                all.add(one.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new BenchException("A call failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
