package dev.vitrine.http.limits;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/**
 * What one caller has. From the bucket that all processes share it takes a few requests at a time, so that most pass without
 * a word to Redis; its own bucket counts along and decides while Redis is away.
 *
 * <p>Thread-safe.
 */
final class Account {

    /** What was taken from the shared bucket. */
    record Taken(long requests, long left, long waitNanos) {}

    private final Bucket own;
    private final long lease;
    private final LongPredicate take;
    private final Queue<CompletableFuture<Ruling>> waiting = new ArrayDeque<>();
    private boolean taking;
    private long granted;
    private long left;
    private long emptyUntil = System.nanoTime();

    /**
     * @param own the bucket of this process
     * @param lease how many requests to take at a time
     * @param take begins to take so many from the shared bucket, whose end {@link #took} or {@link #lost} tells; false where
     *     there is none now
     */
    Account(Bucket own, long lease, LongPredicate take) {
        this.own = own;
        this.lease = lease;
        this.take = take;
    }

    /** Decides on a request, at once or when the shared bucket has answered. */
    synchronized CompletableFuture<Ruling> ask() {
        long now = System.nanoTime();
        if (granted > 0) {
            granted--;
            own.tryConsume(1);
            if (granted < lease / 2 && !taking && now - emptyUntil >= 0) {
                taking = take.test(lease);
            }
            return CompletableFuture.completedFuture(new Ruling(true, left + granted, 0));
        }
        if (!taking && now - emptyUntil < 0) {
            return CompletableFuture.completedFuture(new Ruling(false, 0, emptyUntil - now));
        }
        if (!taking) {
            taking = take.test(lease);
        }
        if (!taking) {
            return CompletableFuture.completedFuture(alone());
        }
        CompletableFuture<Ruling> ruling = new CompletableFuture<>();
        waiting.add(ruling);
        return ruling;
    }

    /** The shared bucket has answered. */
    void took(Taken taken) {
        List<Runnable> rulings = new ArrayList<>();
        synchronized (this) {
            taking = false;
            granted += taken.requests();
            left = taken.left();
            emptyUntil = System.nanoTime() + taken.waitNanos();
            while (!waiting.isEmpty() && (granted > 0 || taken.requests() == 0)) {
                CompletableFuture<Ruling> one = waiting.remove();
                Ruling ruling =
                        granted > 0 ? new Ruling(true, left + granted - 1, 0) : new Ruling(false, 0, taken.waitNanos());
                if (granted > 0) {
                    granted--;
                    own.tryConsume(1);
                }
                rulings.add(() -> one.complete(ruling));
            }
            if (!waiting.isEmpty()) {
                taking = take.test(Math.max(lease, waiting.size()));
                settleAlone(rulings);
            }
        }
        rulings.forEach(Runnable::run);
    }

    /** The shared bucket does not answer. */
    void lost() {
        List<Runnable> rulings = new ArrayList<>();
        synchronized (this) {
            taking = false;
            settleAlone(rulings);
        }
        rulings.forEach(Runnable::run);
    }

    private void settleAlone(List<Runnable> rulings) {
        while (!taking && !waiting.isEmpty()) {
            CompletableFuture<Ruling> one = waiting.remove();
            Ruling ruling = alone();
            rulings.add(() -> one.complete(ruling));
        }
    }

    private Ruling alone() {
        ConsumptionProbe probe = own.tryConsumeAndReturnRemaining(1);
        return new Ruling(probe.isConsumed(), probe.getRemainingTokens(), probe.getNanosToWaitForRefill());
    }
}
