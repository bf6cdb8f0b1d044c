package dev.vitrine.watchdog;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks on threads of its own and gives up on one that does not end, so that it costs its caller a deadline and not
 * a thread.
 *
 * <p>The deadline is processor time of the task's thread, so that a busy machine or a paused process fails nothing. A
 * task that does not compute but waits is given up after ten times as long.
 *
 * <p>Java ends no thread against its will. The thread of a task that was given up is interrupted, and counts as stuck
 * until it ends. While too many are stuck no further task is begun; only a new process helps if none of them ends.
 */
public final class Watchdog implements AutoCloseable {
    private static final int LOOKS_A_DEADLINE = 10;
    private static final int WAITING_FACTOR = 10;
    private static final long IDLE_SECONDS = 10;

    private final String name;
    private final long deadlineNanos;
    private final int mostStuck;
    private final ThreadPoolExecutor threads;
    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    private final AtomicInteger stuck = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param name names the threads, and the part in errors
     * @param deadline processor time that a task may take
     * @param mostStuck how many threads may be stuck before nothing further is begun
     */
    public Watchdog(String name, Duration deadline, int mostStuck) {
        this(name, deadline, mostStuck, Thread.NORM_PRIORITY);
    }

    /**
     * With threads of another priority.
     *
     * @param priority as {@link Thread#setPriority} takes it, whoever calls
     */
    public Watchdog(String name, Duration deadline, int mostStuck, int priority) {
        this.name = name;
        this.deadlineNanos = deadline.toNanos();
        this.mostStuck = mostStuck;
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    thread.setPriority(priority); // a new thread has its maker's
                    return thread;
                });
    }

    /** How many threads may be stuck: each may take a core for itself, and some must be left over. */
    public static int mostStuckHere() {
        return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    }

    /**
     * Runs a task and waits for it.
     *
     * @throws StuckException when it was given up, or not begun because too many are stuck
     * @throws InterruptedException when the caller is interrupted; the task's thread then is, too
     * @throws Exception what the task threw
     */
    public <T> T call(Callable<T> task) throws Exception {
        return call(task, thread -> {});
    }

    /**
     * Like {@link #call(Callable)}, for a task that does not end when it is interrupted.
     *
     * @param stop is given the thread of a task that was given up, after its interruption, to end it by other means
     */
    public <T> T call(Callable<T> task, Consumer<Thread> stop) throws Exception {
        check();
        Run<T> run = new Run<>(task);
        threads.execute(run);
        long look = Math.max(1, deadlineNanos / LOOKS_A_DEADLINE);
        // Counts looks, not time on the clock, which goes on while the process is paused.
        for (int looks = 0; ; looks++) {
            try {
                return run.future.get(look, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (closed || looks >= LOOKS_A_DEADLINE * WAITING_FACTOR || run.computed() >= deadlineNanos) {
                    giveUp(run, stop);
                }
            } catch (ExecutionException e) {
                throw unwrapped(e);
            } catch (InterruptedException e) {
                run.future.cancel(true);
                throw e;
            }
        }
    }

    private <T> void giveUp(Run<T> run, Consumer<Thread> stop) {
        if (run.giveUp()) {
            stop.accept(run.thread);
        }
        throw new StuckException(
                "Nothing came of it within " + TimeUnit.NANOSECONDS.toMillis(deadlineNanos) + " ms of processor time",
                true);
    }

    private static Exception unwrapped(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return (Exception) e.getCause();
    }

    /** How many threads are stuck now. */
    public int stuck() {
        return stuck.get();
    }

    /** @throws StuckException while too many threads are stuck for a task to begin */
    public void check() {
        if (stuck.get() >= mostStuck) {
            throw new StuckException(
                    stuck.get() + " threads of the " + name
                            + " do not end, each on a picture that was given up; nothing"
                            + " further is begun. Restart the service",
                    false);
        }
    }

    /** Begins nothing further; what runs is given up within a tenth of the deadline. Does not wait for it. */
    @Override
    public void close() {
        closed = true;
        threads.shutdown();
    }

    private final class Run<T> implements Runnable {
        private final FutureTask<T> future;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Thread thread;
        private volatile long start;

        Run(Callable<T> task) {
            this.future = new FutureTask<>(task);
        }

        @Override
        public void run() {
            start = clock.getCurrentThreadCpuTime();
            thread = Thread.currentThread();
            future.run();
            if (!over.compareAndSet(false, true)) {
                stuck.decrementAndGet();
            }
        }

        /** Processor time spent so far, ns; none where the machine cannot tell. */
        long computed() {
            return thread == null ? 0 : clock.getThreadCpuTime(thread.getId()) - start;
        }

        /** Interrupts the thread; false when there is none any more. */
        boolean giveUp() {
            stuck.incrementAndGet();
            if (!over.compareAndSet(false, true)) {
                stuck.decrementAndGet();
                return false;
            }
            future.cancel(true);
            return thread != null;
        }
    }
}
