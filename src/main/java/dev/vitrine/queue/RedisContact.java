package dev.vitrine.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer knows of its Redis: when it last answered, and whether it is away. An outage makes two lines in the
 * log, one at its beginning and one at its end, however many calls fail in between. Thread-safe.
 */
final class RedisContact {

    private static final Logger LOG = LoggerFactory.getLogger(RedisContact.class);

    private final String queue;
    private long lastAnswer = System.nanoTime();
    private long lostAt;
    private String problem;

    RedisContact(String queue) {
        this.queue = queue;
    }

    synchronized void answered() {
        lastAnswer = System.nanoTime();
        if (problem != null) {
            LOG.info("Redis is back after {} ms; queue {} goes on", (lastAnswer - lostAt) / 1_000_000, queue);
            problem = null;
        }
    }

    synchronized void failed(Exception cause) {
        String why = FailureReason.of(cause).text();
        LOG.debug("A call to the Redis of queue {} failed", queue, cause);
        if (problem == null) {
            lostAt = System.nanoTime();
            LOG.warn("Redis is away ({}); queue {} takes no jobs until it is back", why, queue);
        }
        problem = why;
    }

    /** What went wrong last, null while Redis answers. */
    synchronized String problem() {
        return problem;
    }

    synchronized Duration sinceLastAnswer() {
        return Duration.ofNanos(System.nanoTime() - lastAnswer);
    }

    /**
     * How long to wait before the next try, ms: from 100 doubling to 1,600, then up to a half less so that many workers
     * do not come back in one moment. With the time a refused connection takes, work goes on within 2 s of Redis' return.
     *
     * @param failures tries that failed in a row, 1 or more
     */
    static long pauseMs(int failures) {
        long full = Math.min(1_600, 100L << Math.min(failures - 1, 4));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }
}
