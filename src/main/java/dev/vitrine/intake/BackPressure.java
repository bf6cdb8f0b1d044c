package dev.vitrine.intake;

import dev.vitrine.intake.BackPressureException.Shortage;
import dev.vitrine.queue.Depth;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.RedisBreaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Refuses uploads while the queue is too long or the spool's disk too full, so that what is accepted can be kept. What it
 * knows is up to a second old, so that an upload costs no question of its own.
 */
public final class BackPressure {
    private static final Logger LOG = LoggerFactory.getLogger(BackPressure.class);
    private static final long REFRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Optional<JobQueue> queue;
    private final RedisBreaker breaker;
    private final Path spool;
    private final long maxQueue;
    private final long minFreeBytes;
    private final AtomicLong refreshed = new AtomicLong(System.nanoTime() - REFRESH_NANOS);
    private volatile long waiting;
    private volatile long freeBytes = Long.MAX_VALUE;
    private final AtomicBoolean diskFull = new AtomicBoolean();
    private final AtomicBoolean queueFull = new AtomicBoolean();

    /**
     * @param queue empty where the service runs without one
     * @param breaker while it is open the queue is not used and not asked
     * @param spool the folder whose disk is watched
     * @param maxQueue how many jobs may wait, those put off included
     * @param minFreeBytes how much room the disk must have
     */
    public BackPressure(Optional<JobQueue> queue, RedisBreaker breaker, Path spool, long maxQueue, long minFreeBytes) {
        this.queue = queue;
        this.breaker = breaker;
        this.spool = spool;
        this.maxQueue = maxQueue;
        this.minFreeBytes = minFreeBytes;
    }

    /** @throws BackPressureException while nothing can be taken */
    public void check() {
        refresh();
        if (freeBytes < minFreeBytes) {
            throw new BackPressureException(
                    Shortage.DISK_FULL,
                    "The disk of the spool has " + (freeBytes >> 20) + " MB left, less than the " + (minFreeBytes >> 20)
                            + " MB that VITRINE_MIN_FREE asks for; ask again later.");
        }
        if (waiting >= maxQueue) {
            throw new BackPressureException(
                    Shortage.QUEUE_FULL,
                    waiting + " jobs wait, as many as VITRINE_MAX_QUEUE (" + maxQueue
                            + ") allows; send more slowly and ask again later.");
        }
    }

    /** Whether something can be taken now. */
    public boolean hasRoom() {
        try {
            check();
            return true;
        } catch (BackPressureException e) {
            return false;
        }
    }

    private void refresh() {
        long last = refreshed.get();
        long now = System.nanoTime();
        if (now - last < REFRESH_NANOS || !refreshed.compareAndSet(last, now)) {
            return;
        }
        try {
            freeBytes = Files.getFileStore(spool).getUsableSpace();
        } catch (IOException e) {
            freeBytes = Long.MAX_VALUE; // writing to the spool will say what is wrong
        }
        waiting = queue.isPresent() && breaker.isClosed() ? waiting(queue.get()) : 0;
        sayWhetherDiskIsFull();
        sayWhetherQueueIsFull();
    }

    /** Said once, and taken back only when a tenth of the queue is free: at its limit it is full and not full in turns. */
    private void sayWhetherQueueIsFull() {
        if (waiting >= maxQueue) {
            if (queueFull.compareAndSet(false, true)) {
                LOG.warn(
                        "The queue is full: {} jobs wait, as many as VITRINE_MAX_QUEUE ({}) allows; uploads are refused",
                        waiting,
                        maxQueue);
            }
        } else if (waiting <= maxQueue - maxQueue / 10 && queueFull.compareAndSet(true, false)) {
            LOG.info("The queue has room again, {} jobs wait; uploads are taken", waiting);
        }
    }

    private void sayWhetherDiskIsFull() {
        if (freeBytes < minFreeBytes) {
            if (diskFull.compareAndSet(false, true)) {
                LOG.warn(
                        "The disk of {} has {} MB left, less than the {} MB of VITRINE_MIN_FREE; uploads are refused",
                        spool,
                        freeBytes >> 20,
                        minFreeBytes >> 20);
            }
        } else if (diskFull.compareAndSet(true, false)) {
            LOG.info("The disk of {} has room again; uploads are taken", spool);
        }
    }

    private static long waiting(JobQueue queue) {
        try {
            Depth depth = queue.depth();
            return depth.waiting() + depth.later();
        } catch (DataAccessException e) {
            return 0; // the breaker is about to open
        }
    }
}
