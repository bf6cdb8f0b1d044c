package dev.vitrine.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Dynamic batching: concurrent single calls share the work of a handler that is cheaper per item in groups.
 *
 * <p>Each handler has a thread of its own, which takes whatever waits, up to the batch size, as soon as it is free. So a
 * lone call waits for nobody, and under load, while one batch is being handled, the next one fills by itself. Where a
 * batch costs much more than an item, a handler may rather wait a few milliseconds for more.
 *
 * @param <T> what a caller hands in
 * @param <R> what it gets back
 */
public final class Batcher<T, R> implements AutoCloseable {

    /** Handles a batch; called by one thread only, so it may own things that are not thread-safe. */
    @FunctionalInterface
    public interface Handler<T, R> {
        /**
         * Handles 1 to batch-size items.
         *
         * @return one outcome for each item, in the order of the items
         * @throws Exception fails every item of the batch with this exception as the cause
         */
        List<Outcome<R>> handle(List<T> items) throws Exception;
    }

    /** What became of one item: its result, or the failure that its caller alone shall see. */
    public record Outcome<R>(R result, RuntimeException failure) {
        public static <R> Outcome<R> of(R result) {
            return new Outcome<>(result, null);
        }

        public static <R> Outcome<R> failed(RuntimeException failure) {
            return new Outcome<>(null, failure);
        }
    }

    /** The batcher was closed before the call was handled. */
    public static final class ClosedException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        ClosedException(String name) {
            super(name + " is closed");
        }
    }

    private record Call<T, R>(T item, CompletableFuture<R> answer) {}

    private final String name;
    private final int batchSize;
    private final long gatherNanos;
    private final BlockingQueue<Call<T, R>> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Starts one daemon thread for each handler.
     *
     * @param name names the threads, and the batcher in errors
     * @param batchSize how many items a handler gets at most
     */
    public Batcher(String name, int batchSize, List<? extends Handler<T, R>> handlers) {
        this(name, batchSize, Duration.ZERO, handlers);
    }

    /**
     * Starts one daemon thread for each handler.
     *
     * @param name names the threads, and the batcher in errors
     * @param batchSize how many items a handler gets at most
     * @param gather how long a handler waits for more after the first item
     */
    public Batcher(String name, int batchSize, Duration gather, List<? extends Handler<T, R>> handlers) {
        this(name, batchSize, gather, Thread.NORM_PRIORITY, handlers);
    }

    /**
     * Starts one daemon thread of a priority for each handler.
     *
     * @param name names the threads, and the batcher in errors
     * @param batchSize how many items a handler gets at most
     * @param gather how long a handler waits for more after the first item
     * @param priority as {@link Thread#setPriority} takes it
     */
    public Batcher(String name, int batchSize, Duration gather, int priority, List<? extends Handler<T, R>> handlers) {
        if (batchSize < 1 || handlers.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a batch size of at least 1 and a handler");
        }
        this.name = name;
        this.batchSize = batchSize;
        this.gatherNanos = gather.toNanos();
        for (Handler<T, R> handler : handlers) {
            Thread thread = new Thread(() -> run(handler), name + "-" + (threads.size() + 1));
            thread.setDaemon(true);
            thread.setPriority(priority);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /**
     * Hands in an item; its future completes with the result, or with a {@link ClosedException}, or with what the handler
     * threw.
     */
    public CompletableFuture<R> submit(T item) {
        Call<T, R> call = new Call<>(item, new CompletableFuture<>());
        waiting.add(call);
        if (closed && waiting.remove(call)) { // nothing else: what wakes a thread may lie there too
            refuse(call);
        }
        return call.answer();
    }

    /**
     * Hands in an item and waits for its result.
     *
     * @throws TimeoutException after the time given; the item may still be handled
     * @throws InterruptedException when the calling thread is interrupted
     * @throws RuntimeException what the handler gave for this item
     */
    public R call(T item, long timeout, TimeUnit unit) throws InterruptedException, TimeoutException {
        CompletableFuture<R> answer = submit(item);
        try {
            return answer.get(timeout, unit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(name + " failed", e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw e;
        }
    }

    /** How many items wait for a handler. */
    public int waiting() {
        return waiting.size();
    }

    /** Lets the batches in hand finish, fails what still waits, and returns when the threads have ended. */
    @Override
    public void close() {
        closed = true;
        wakeOne();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Handler<T, R> handler) {
        List<Call<T, R>> batch = new ArrayList<>(batchSize);
        while (!closed) {
            try {
                batch.add(takeUninterruptibly());
                if (gatherNanos > 0 && waiting.size() < batchSize - 1) {
                    LockSupport.parkNanos(gatherNanos);
                }
                waiting.drainTo(batch, batchSize - 1);
                batch.removeIf(
                        call -> call.answer().isDone()); // its caller gave up, or it is there to wake this thread
                if (!batch.isEmpty()) {
                    answer(handler, batch);
                }
            } catch (OutOfMemoryError e) { // between two batches; it must not end the thread
                batch.forEach(call -> call.answer().completeExceptionally(e));
            }
            batch.clear();
        }
        wakeOne();
    }

    /** Wakes a thread without an interrupt, which would close a file that its handler writes; each wakes the next. */
    private void wakeOne() {
        waiting.add(new Call<>(null, CompletableFuture.completedFuture(null)));
    }

    private Call<T, R> takeUninterruptibly() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return waiting.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void answer(Handler<T, R> handler, List<Call<T, R>> batch) {
        try {
            List<Outcome<R>> outcomes =
                    handler.handle(batch.stream().map(Call::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                Outcome<R> outcome = outcomes.get(i);
                if (outcome.failure() == null) {
                    batch.get(i).answer().complete(outcome.result());
                } else {
                    batch.get(i).answer().completeExceptionally(outcome.failure());
                }
            }
        } catch (Throwable e) { // an OutOfMemoryError too must not end the thread
            batch.forEach(call -> call.answer().completeExceptionally(e));
        }
    }

    private void refuseWaiting() {
        for (Call<T, R> call = waiting.poll(); call != null; call = waiting.poll()) {
            refuse(call);
        }
    }

    private void refuse(Call<T, R> call) {
        call.answer().completeExceptionally(new ClosedException(name));
    }
}
