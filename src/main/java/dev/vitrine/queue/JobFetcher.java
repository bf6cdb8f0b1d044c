package dev.vitrine.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that takes jobs for a consumer; one at a time, a new one after every suspension. */
final class JobFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(JobFetcher.class);

    /** How long it waits for a job before it looks for those that became due. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final long STOP_PATIENCE_MS = 1_500;

    /** Gives jobs to threads. */
    @FunctionalInterface
    interface Starter {
        /**
         * @param isEnding whether nothing may be begun any more
         * @return how many slots the jobs hold
         */
        int start(Taken taken, boolean isEnding);
    }

    private final JobQueueEndpoint endpoint;
    private final JobQueue queue;
    private final String worker;
    private final Duration lease;
    private final Semaphore slots;
    private final RedisContact contact;
    private final BooleanSupplier holdsBack;
    private final Starter starter;
    private final Wakeup wakeup;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Map<String, Long> lostUntil = new HashMap<>();
    private final Thread thread;

    /**
     * @param slots how many jobs may be in hand; one is taken for each that is
     * @param holdsBack whether nothing may be taken just now
     */
    JobFetcher(
            JobQueueEndpoint endpoint,
            JobQueue queue,
            String worker,
            Duration lease,
            Semaphore slots,
            RedisContact contact,
            BooleanSupplier holdsBack,
            Starter starter) {
        this.endpoint = endpoint;
        this.queue = queue;
        this.worker = worker;
        this.lease = lease;
        this.slots = slots;
        this.contact = contact;
        this.holdsBack = holdsBack;
        this.starter = starter;
        this.wakeup = new Wakeup(
                () -> endpoint.connections().openBlocking(LONGEST_WAIT),
                open -> endpoint.connections().isCurrent(open),
                queue.keys().jobs());
        this.thread = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newThread("job-queue-fetcher-" + endpoint.getName(), this::loop);
    }

    void begin() {
        thread.start();
    }

    /** Ends the thread and waits until it has; whatever it took last is handed back or in the pool by then. */
    void end() throws InterruptedException {
        ending.countDown();
        wakeup.close();
        thread.interrupt();
        thread.join(STOP_PATIENCE_MS);
    }

    private void loop() {
        int failures = 0;
        boolean fromList = true;
        while (ending.getCount() > 0 && !endpoint.getCamelContext().isStopping()) {
            try {
                fromList = fetchOnce(fromList);
                failures = 0;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (ending.getCount() == 0) {
                    return;
                }
                contact.failed(e);
                fromList = true;
                if (isEndingWithin(RedisContact.pauseMs(++failures))) {
                    return;
                }
            } catch (OutOfMemoryError e) {
                LOG.error("Out of memory while taking jobs; trying again", e);
                if (isEndingWithin(RedisContact.pauseMs(++failures))) {
                    return;
                }
            }
        }
    }

    /**
     * Takes what the free slots can hold, or waits.
     *
     * @return whether the list is worth a look next time
     */
    private boolean fetchOnce(boolean fromList) throws InterruptedException {
        slots.acquire();
        int free = 1 + slots.drainPermits();
        Taken taken;
        try {
            if (holdsBack.getAsBoolean()) {
                isEndingWithin(50);
                return true;
            }
            taken = take(free, fromList);
            contact.answered();
            free -= starter.start(taken, ending.getCount() == 0);
        } finally {
            slots.release(free);
        }
        if (!taken.deliveries().isEmpty() || !taken.buried().isEmpty() || taken.dropped() > 0) {
            return true;
        }
        Duration longest =
                taken.nextDue().filter(due -> due.compareTo(LONGEST_WAIT) < 0).orElse(LONGEST_WAIT);
        boolean filled = wakeup.await(longest);
        contact.answered();
        return filled;
    }

    /**
     * Where a reply is lost, Redis may have leased jobs to nobody, or may still do so when it reads what was sent: until
     * a lease later they are handed back, so that they wait for no lease to run out.
     */
    private Taken take(int max, boolean fromList) {
        long now = System.nanoTime();
        lostUntil.values().removeIf(until -> until - now < 0);
        if (!lostUntil.isEmpty() && queue.releaseLost(lostUntil.keySet()) > 0) {
            fromList = true;
        }
        String token = queue.nextToken();
        try {
            return queue.take(token, max, worker, lease, fromList);
        } catch (RuntimeException e) {
            lostUntil.put(token, now + lease.toNanos());
            throw e;
        }
    }

    private boolean isEndingWithin(long ms) {
        try {
            return ending.await(ms, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
