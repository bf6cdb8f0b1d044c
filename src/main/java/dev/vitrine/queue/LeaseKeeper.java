package dev.vitrine.queue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that a worker is alive and renews the leases of the jobs in its hands, every third of their time. */
final class LeaseKeeper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final JobQueue queue;
    private final String worker;
    private final Duration lease;
    private final Set<HeldJob> held;
    private final RedisContact contact;
    private final Consumer<HeldJob> lost;
    private final CountDownLatch stopped;

    /**
     * @param held the jobs in hand; others change it
     * @param lost is told of a job whose lease is gone
     * @param stopped ends the work
     */
    LeaseKeeper(
            JobQueue queue,
            String worker,
            Duration lease,
            Set<HeldJob> held,
            RedisContact contact,
            Consumer<HeldJob> lost,
            CountDownLatch stopped) {
        this.queue = queue;
        this.worker = worker;
        this.lease = lease;
        this.held = held;
        this.contact = contact;
        this.lost = lost;
        this.stopped = stopped;
    }

    @Override
    public void run() {
        try {
            long pause = 0;
            while (!stopped.await(pause, TimeUnit.MILLISECONDS)) {
                pause = heartbeat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that this worker is alive and renews its leases; returns how long to pause, ms. */
    private long heartbeat() {
        long pause = lease.toMillis() / 3;
        try {
            queue.heartbeat(worker, lease);
            List<HeldJob> renewable = held.stream()
                    .filter(job -> !job.isSettled() && !job.isLost() && !job.isGivenBack())
                    .toList();
            List<Delivery> gone =
                    queue.renew(renewable.stream().map(HeldJob::delivery).toList(), lease);
            for (HeldJob job : renewable) {
                // One that was settled in between has no lease because it needs none.
                if (gone.contains(job.delivery()) && !job.isSettled()) {
                    lost.accept(job);
                }
            }
            contact.answered();
            return pause;
        } catch (RuntimeException e) {
            contact.failed(e);
        } catch (OutOfMemoryError e) {
            LOG.error("Out of memory while renewing leases; trying again", e);
        }
        return Math.min(pause, 500);
    }
}
