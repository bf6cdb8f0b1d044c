package dev.vitrine.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** Clients with a kept-alive connection each. */
final class Clients {
    private static final int COUNT = 8;
    private static final long HIGHEST_MICROS = 120_000_000;

    private final int port;

    Clients(int port) {
        this.port = port;
    }

    /**
     * What requests took.
     *
     * @param latencies µs
     */
    record Run(Histogram latencies, double perSecond) {}

    /**
     * Sends at a fixed rate. A latency counts from the moment at which the request was due, not from when a client was
     * free to send it, so a server that stalls cannot hide the requests that would have come meanwhile (coordinated
     * omission).
     *
     * @param perSecond requests a second, over all clients
     * @param status what every answer must be
     */
    Run atRate(Supplier<byte[]> requests, double perSecond, Duration length, int status) throws InterruptedException {
        double period = 1e9 / perSecond;
        long count = Math.max(COUNT, (long) (length.toNanos() / period));
        long start = System.nanoTime() + 50_000_000;
        AtomicLong next = new AtomicLong();
        return run(
                start,
                status,
                () -> {
                    long i = next.getAndIncrement();
                    return i < count ? start + (long) (i * period) : -1;
                },
                requests);
    }

    /** Sends as fast as answers come. */
    Run flood(Supplier<byte[]> requests, Duration length, int status) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + length.toNanos();
        return run(
                start,
                status,
                () -> {
                    long now = System.nanoTime();
                    return now < end ? now : -1;
                },
                requests);
    }

    /** Sends so many as fast as answers come. */
    Run send(Supplier<byte[]> requests, int count, int status) throws InterruptedException {
        AtomicLong left = new AtomicLong(count);
        long start = System.nanoTime();
        return run(start, status, () -> left.getAndDecrement() > 0 ? System.nanoTime() : -1, requests);
    }

    /** When the next request is due, in {@link System#nanoTime}; -1 when there is none. */
    @FunctionalInterface
    private interface Schedule {
        long next();
    }

    private Run run(long start, int status, Schedule schedule, Supplier<byte[]> requests) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(COUNT);
        try {
            List<Callable<Histogram>> clients = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                clients.add(() -> client(schedule, requests, status));
            }
            Histogram all = histogram();
            for (Future<Histogram> client : pool.invokeAll(clients)) {
                all.add(client.get());
            }
            return new Run(all, all.getTotalCount() / ((System.nanoTime() - start) / 1e9));
        } catch (ExecutionException e) {
            throw new BenchException("A request failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Histogram client(Schedule schedule, Supplier<byte[]> requests, int status) throws IOException {
        Histogram latencies = histogram();
        try (Connection connection = new Connection(port)) {
            for (long due = schedule.next(); due >= 0; due = schedule.next()) {
                byte[] request = requests.get();
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                Connection.Answer answer = connection.send(request);
                latencies.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - due) / 1_000));
                if (answer.status() != status) {
                    throw new BenchException("the service answered " + answer.status() + " where " + status
                            + " is right: " + answer.body());
                }
            }
        }
        return latencies;
    }

    private static Histogram histogram() {
        return new Histogram(HIGHEST_MICROS, 3);
    }
}
