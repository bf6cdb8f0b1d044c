package dev.vitrine.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * The queue in Redis: waiting jobs in a list, held ones in a set of leases, put off and dead ones in sorted sets, each
 * job's state in a hash. Every change of state is one script, so that no crash leaves a job between two places, and the
 * clock is Redis' own. What a call costs does not depend on how many jobs wait.
 *
 * <p>Thread-safe. Every method throws {@link org.springframework.dao.DataAccessException} when Redis cannot be reached
 * or refuses; a call that ends a job may then be repeated, it takes effect once.
 */
public final class JobQueue {

    private static final int PAGE = 1_000;

    private static final RedisScript<List<?>> TAKE = QueueScripts.list("take");
    private static final RedisScript<List<?>> RENEW = QueueScripts.list("renew");
    private static final RedisScript<List<?>> DEPTH = QueueScripts.list("depth");
    private static final RedisScript<Long> COMPLETE = QueueScripts.count("complete");
    private static final RedisScript<Long> PUT_OFF = QueueScripts.count("put_off");
    private static final RedisScript<Long> BURY = QueueScripts.count("bury");
    private static final RedisScript<Long> RELEASE = QueueScripts.count("release");
    private static final RedisScript<Long> RETRY_DEAD = QueueScripts.count("retry_dead");
    private static final RedisScript<Long> THROUGHPUT = QueueScripts.count("throughput");
    private static final RedisScript<Long> RELEASE_LOST = QueueScripts.count("release_lost");
    private static final RedisScript<Long> END_LEASES = QueueScripts.count("end_leases");
    private static final RedisScript<Long> HEARTBEAT = QueueScripts.count("heartbeat");

    private final StringRedisTemplate redis;
    private final QueueKeys keys;
    private final QueueSettings settings;
    private final String tokenPrefix = UUID.randomUUID() + "-";
    private final AtomicLong tokens = new AtomicLong();
    private final QueueUpkeep upkeep = new QueueUpkeep(this);

    /**
     * @param redis connections with timeouts of their own; its serializers must be those of a fresh template
     * @param name the hash tag of every key, {@code vitrine} unless several queues share a Redis
     */
    public JobQueue(StringRedisTemplate redis, String name, QueueSettings settings) {
        this.redis = redis;
        this.keys = new QueueKeys(name);
        this.settings = settings;
    }

    /** The hash tag of every key. */
    public String name() {
        return keys.name();
    }

    /** What sees to the queue from time to time. */
    public QueueUpkeep upkeep() {
        return upkeep;
    }

    /** How long an ended job is remembered. */
    public Duration jobTtl() {
        return settings.jobTtl();
    }

    QueueKeys keys() {
        return keys;
    }

    QueueSettings settings() {
        return settings;
    }

    StringRedisTemplate redis() {
        return redis;
    }

    /**
     * Takes jobs under a lease: first those put off and now due, then those whose worker let the lease run out, then the
     * longest waiting. Counts the delivery and the attempt. A job delivered more often than allowed goes to the dead
     * letters unrun. Does not wait.
     *
     * @param max most jobs to take, from 1 to 1,000
     * @param worker name of the worker, as people read it
     * @param lease time after which others may take the jobs unless the lease is renewed
     */
    public Taken take(int max, String worker, Duration lease) {
        return take(nextToken(), max, worker, lease, true);
    }

    /** A name for one look into the queue, which its deliveries have as their token. */
    String nextToken() {
        return tokenPrefix + tokens.incrementAndGet();
    }

    /** Like the public one; {@code fromList} false skips the list, for a caller that knows it to be empty. */
    Taken take(String token, int max, String worker, Duration lease, boolean fromList) {
        if (max < 1 || max > PAGE) {
            throw new IllegalArgumentException("Take from 1 to " + PAGE + " jobs at once, not " + max);
        }
        List<?> reply = redis.execute(
                TAKE,
                keys.all(),
                Integer.toString(max),
                fromList ? "1" : "0",
                Long.toString(lease.toMillis()),
                token,
                worker,
                Integer.toString(settings.maxDeliveries()),
                ttlSeconds(),
                Integer.toString(settings.recentJobs()));
        return Taken.of(reply, token);
    }

    /**
     * Gives leases a new end, {@code lease} from now.
     *
     * @return those that are lost: another worker has the job or it was ended; the caller's work on it will not count
     */
    public List<Delivery> renew(Collection<Delivery> deliveries, Duration lease) {
        List<Delivery> lost = new ArrayList<>();
        for (List<Delivery> page : pages(List.copyOf(deliveries))) {
            List<?> ids = redis.execute(RENEW, keys.all(), withTokens(page, Long.toString(lease.toMillis())));
            page.stream().filter(delivery -> ids.contains(delivery.id())).forEach(lost::add);
        }
        return lost;
    }

    /**
     * Ends a job well; its state expires after {@link QueueSettings#jobTtl()}.
     *
     * @param model name of the model that made the vector, null where there is none
     * @return false when the lease was lost, and then nothing changed
     */
    public boolean complete(Delivery delivery, String model) {
        return redis.execute(
                        COMPLETE, keys.all(), delivery.id(), delivery.token(), model == null ? "" : model, ttlSeconds())
                == 1;
    }

    /**
     * Puts a job off: it is taken again after the delay.
     *
     * @param error why this try failed, in words a person understands
     * @param digest what tells one cause from another, may be empty
     * @return false when the lease was lost, and then nothing changed
     */
    public boolean putOff(Delivery delivery, Duration delay, String error, String digest) {
        return putOff(delivery, delay, error, digest, true);
    }

    /**
     * Puts a job off without a try having been made: it is taken again after the delay, and this attempt does not count.
     *
     * @return false when the lease was lost, and then nothing changed
     */
    public boolean postpone(Delivery delivery, Duration delay) {
        return putOff(delivery, delay, "", "", false);
    }

    private boolean putOff(Delivery delivery, Duration delay, String error, String digest, boolean tried) {
        return redis.execute(
                        PUT_OFF,
                        keys.all(),
                        delivery.id(),
                        delivery.token(),
                        Long.toString(delay.toMillis()),
                        error,
                        digest,
                        tried ? "1" : "0")
                == 1;
    }

    /**
     * Gives a job up: it goes to the dead letters with the reason.
     *
     * @param error why, in words a person understands
     * @param digest what tells one cause from another, may be empty
     * @return false when the lease was lost, and then nothing changed
     */
    public boolean bury(Delivery delivery, String error, String digest) {
        return redis.execute(BURY, keys.all(), delivery.id(), delivery.token(), error, digest, ttlSeconds()) == 1;
    }

    /**
     * Hands jobs back as if they had not been taken: they are the next to be taken, and neither the attempt nor the
     * delivery counts. Those whose lease was lost stay with whom has them.
     *
     * @param deliveries the longest waiting first
     * @return how many were handed back
     */
    public int release(List<Delivery> deliveries) {
        int released = 0;
        List<List<Delivery>> pages = pages(deliveries);
        for (int i = pages.size() - 1; i >= 0; i--) {
            released +=
                    redis.execute(RELEASE, keys.all(), withTokens(pages.get(i))).intValue();
        }
        return released;
    }

    /**
     * Hands back what was taken and never arrived, as if it had not been taken.
     *
     * @param tokens of the looks into the queue whose reply was lost
     * @return how many were handed back
     */
    int releaseLost(Collection<String> tokens) {
        return redis.execute(RELEASE_LOST, keys.all(), tokens.toArray()).intValue();
    }

    /**
     * Ends every lease now, so that jobs of workers that are gone need not wait for it. Their deliveries count. Only for
     * who knows that no worker is left.
     *
     * @return how many leases were ended
     */
    public int endLeases() {
        return redis.execute(END_LEASES, keys.all()).intValue();
    }

    /** Sends a dead letter back to the queue with a fresh count of attempts; false unless the job is a dead letter. */
    public boolean retryDead(String id) {
        if (id.isEmpty()) {
            return false;
        }
        return redis.execute(RETRY_DEAD, keys.all(), id, "0") == 1;
    }

    /**
     * Sends dead letters back to the queue, the longest dead first.
     *
     * @return how many were sent, at most {@code max}
     */
    public int retryAllDead(int max) {
        int sent = 0;
        while (sent < max) {
            int asked = Math.min(PAGE, max - sent);
            int now = redis.execute(RETRY_DEAD, keys.all(), "", Integer.toString(asked))
                    .intValue();
            sent += now;
            if (now < asked) {
                break;
            }
        }
        return sent;
    }

    /** Dead letters, the latest first, after skipping {@code offset} of them. */
    public List<DeadLetter> dead(int offset, int limit) {
        var letters = redis.opsForZSet().reverseRangeWithScores(keys.dead(), offset, offset + limit - 1L);
        return letters.stream().map(JobQueue::deadLetter).toList();
    }

    /** How much there is to do. */
    public Depth depth() {
        List<?> reply = redis.execute(DEPTH, keys.all());
        return new Depth(
                number(reply.get(0)),
                number(reply.get(1)),
                number(reply.get(2)),
                number(reply.get(3)),
                (int) number(reply.get(4)),
                Duration.ofMillis(Math.max(0, number(reply.get(5)))));
    }

    /** What happened since the queue began. */
    public Totals totals() {
        List<Object> counts =
                redis.opsForHash().multiGet(keys.counts(), List.of("completed", "failed", "retried", "redelivered"));
        return new Totals(total(counts.get(0)), total(counts.get(1)), total(counts.get(2)), total(counts.get(3)));
    }

    /** How many jobs were completed in the last 60 whole seconds, all workers together. */
    public long throughputLastMinute() {
        return redis.execute(THROUGHPUT, keys.all());
    }

    /** Says that a worker is alive, and will be for the time given unless it says so again. */
    public void heartbeat(String worker, Duration alive) {
        redis.execute(HEARTBEAT, keys.all(), worker, Long.toString(alive.toMillis()));
    }

    /** Says that a worker is gone. */
    public void leave(String worker) {
        redis.execute(HEARTBEAT, keys.all(), worker, "0");
    }

    private String ttlSeconds() {
        return Long.toString(settings.jobTtl().toSeconds());
    }

    private static Object[] withTokens(List<Delivery> deliveries, String... first) {
        return Stream.concat(
                        Stream.of(first),
                        deliveries.stream().flatMap(delivery -> Stream.of(delivery.id(), delivery.token())))
                .toArray();
    }

    private static List<List<Delivery>> pages(List<Delivery> all) {
        List<List<Delivery>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += PAGE) {
            pages.add(all.subList(from, Math.min(all.size(), from + PAGE)));
        }
        return pages;
    }

    private static DeadLetter deadLetter(TypedTuple<String> entry) {
        return new DeadLetter(
                entry.getValue(), Instant.ofEpochMilli(entry.getScore().longValue()));
    }

    private static long total(Object count) {
        return count == null ? 0 : Long.parseLong((String) count);
    }

    static long number(Object value) {
        return value instanceof Long whole ? whole : Long.parseLong((String) value);
    }

    static String text(Object value) {
        return (String) value;
    }
}
