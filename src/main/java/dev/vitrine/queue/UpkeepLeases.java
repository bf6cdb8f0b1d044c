package dev.vitrine.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Lets one process of several see to a task that comes back, for as long as it lives: the holder of the task's lease in
 * Redis. The lease is renewed while the process runs, runs out within half a minute when it is gone, and goes to who asks
 * next. Thread-safe.
 *
 * <p>A process that slept past its lease may be at the task while another begins, so the task itself must bear that.
 */
public final class UpkeepLeases implements AutoCloseable {
    /** How long a process that is gone keeps others from its tasks, at most. */
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(UpkeepLeases.class);

    /** A holder that has not come back for another round is stuck. */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(15);

    private static final RedisScript<Long> TAKE = QueueScripts.plain("upkeep_take");
    private static final RedisScript<Long> RELEASE = QueueScripts.plain("upkeep_release");

    private final StringRedisTemplate redis;
    private final QueueKeys keys;
    private final String holder;
    private final Duration lease;
    private final Map<String, Long> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "upkeep-lease");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param queue whose Redis has the leases
     * @param worker names this process, as people read it
     */
    public UpkeepLeases(JobQueue queue, String worker) {
        this(queue, worker, LEASE);
    }

    UpkeepLeases(JobQueue queue, String worker, Duration lease) {
        this.redis = queue.redis();
        this.keys = queue.keys();
        this.holder = worker + " " + UUID.randomUUID().toString().substring(0, 8);
        this.lease = lease;
        long third = lease.toMillis() / 3;
        renewals.scheduleWithFixedDelay(this::renew, third, third, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether this process is to see to a round of the task. While Redis is away nobody is.
     *
     * @param task a word; the same in all processes
     */
    public boolean take(String task) {
        try {
            boolean mine = ask(task);
            if (mine) {
                held.put(task, System.nanoTime());
            } else {
                held.remove(task);
            }
            return mine;
        } catch (DataAccessException e) {
            LOG.debug("Nobody can be chosen for {}", task, e);
            return false;
        }
    }

    /** Leaves the task to another process, if there is one, because this one cannot do it. */
    public void release(String task) {
        held.remove(task);
        try {
            redis.execute(RELEASE, List.of(keys.upkeep(task)), holder);
        } catch (DataAccessException e) {
            LOG.debug("The lease of {} runs out by itself", task, e);
        }
    }

    /** Leaves every task, so that nobody has to wait for the leases to run out. */
    @Override
    public void close() {
        renewals.shutdownNow();
        held.keySet().forEach(this::release);
    }

    private void renew() {
        held.forEach((task, round) -> {
            try {
                if (System.nanoTime() - round > LONGEST_ROUND.toNanos() || !ask(task)) {
                    held.remove(task, round);
                }
            } catch (RuntimeException e) {
                LOG.debug("The lease of {} is not renewed", task, e);
            }
        });
    }

    private boolean ask(String task) {
        return redis.execute(TAKE, List.of(keys.upkeep(task)), holder, Long.toString(lease.toMillis())) == 1;
    }
}
