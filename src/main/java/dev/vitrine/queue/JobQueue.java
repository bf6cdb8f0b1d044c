package dev.vitrine.queue;

import dev.vitrine.job.JobState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;
import org.springframework.data.redis.core.script.DefaultRedisScript;
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
    private static final String PRELUDE = read("prelude");

    private static final RedisScript<List<?>> TAKE = listScript("take");
    private static final RedisScript<List<?>> RENEW = listScript("renew");
    private static final RedisScript<List<?>> DEPTH = listScript("depth");
    private static final RedisScript<Long> COMPLETE = countScript("complete");
    private static final RedisScript<Long> PUT_OFF = countScript("put_off");
    private static final RedisScript<Long> BURY = countScript("bury");
    private static final RedisScript<Long> RELEASE = countScript("release");
    private static final RedisScript<Long> RETRY_DEAD = countScript("retry_dead");
    private static final RedisScript<Long> FORGET_DEAD = countScript("forget_dead");
    private static final RedisScript<Long> THROUGHPUT = countScript("throughput");
    private static final RedisScript<List<?>> WAITING_SINCE = listScript("waiting_since");
    private static final RedisScript<Long> FORGET_UNOWED = countScript("forget_unowed");
    private static final RedisScript<List<?>> FORGET_EXPIRED = listScript("forget_expired");
    private static final RedisScript<Long> RETURN_LEASES = countScript("return_leases");
    private static final RedisScript<Long> END_LEASES = countScript("end_leases");
    private static final RedisScript<Long> HEARTBEAT = countScript("heartbeat");
    private static final RedisScript<String> ENQUEUE_IF_MISSING =
            new DefaultRedisScript<>(PRELUDE + read("enqueue_if_missing"), String.class);

    private final StringRedisTemplate redis;
    private final QueueKeys keys;
    private final QueueSettings settings;
    private final String tokenPrefix = UUID.randomUUID() + "-";
    private final AtomicLong tokens = new AtomicLong();
    private long forgottenUntil;

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

    QueueKeys keys() {
        return keys;
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
        return take(max, worker, lease, true);
    }

    /** Like the public one; {@code fromList} false skips the list, for a caller that knows it to be empty. */
    Taken take(int max, String worker, Duration lease, boolean fromList) {
        if (max < 1 || max > PAGE) {
            throw new IllegalArgumentException("Take from 1 to " + PAGE + " jobs at once, not " + max);
        }
        String token = tokenPrefix + tokens.incrementAndGet();
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
        long due = number(reply.get(0));
        int buriedCount = (int) number(reply.get(3));
        int at = 4;
        List<String> buried = new ArrayList<>(buriedCount);
        for (int i = 0; i < buriedCount; i++) {
            buried.add(text(reply.get(at++)));
        }
        List<Delivery> deliveries = new ArrayList<>((reply.size() - at) / 5);
        for (; at < reply.size(); at += 5) {
            String version = text(reply.get(at + 3));
            deliveries.add(new Delivery(
                    text(reply.get(at)),
                    token,
                    (int) number(reply.get(at + 1)),
                    (int) number(reply.get(at + 2)),
                    version.matches("\\d{1,18}") ? Long.parseLong(version) : 0,
                    Duration.ofMillis(number(reply.get(at + 4)))));
        }
        Optional<Duration> nextDue =
                deliveries.isEmpty() && due >= 0 ? Optional.of(Duration.ofMillis(due)) : Optional.empty();
        return new Taken(
                List.copyOf(deliveries),
                List.copyOf(buried),
                (int) number(reply.get(1)),
                (int) number(reply.get(2)),
                nextDue);
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
        return redis.execute(
                        PUT_OFF,
                        keys.all(),
                        delivery.id(),
                        delivery.token(),
                        Long.toString(delay.toMillis()),
                        error,
                        digest)
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
     * Ends every lease now, so that jobs of workers that are gone need not wait for it. Their deliveries count. Only for
     * who knows that no worker is left.
     *
     * @return how many leases were ended
     */
    public int endLeases() {
        return redis.execute(END_LEASES, keys.all()).intValue();
    }

    /**
     * Puts jobs back among the waiting whose lease ran out and that nobody took over: no worker is left. They are the next
     * to be taken, and their deliveries count.
     *
     * @param over for how long the lease must be over; any worker takes such a job within a second or two
     * @return how many were put back
     */
    public int returnLeases(Duration over) {
        int returned = 0;
        while (true) {
            int now = redis.execute(RETURN_LEASES, keys.all(), Long.toString(over.toMillis()), Integer.toString(PAGE))
                    .intValue();
            returned += now;
            if (now < PAGE) {
                return returned;
            }
        }
    }

    /**
     * Takes jobs out of the listing whose state has expired.
     *
     * @return how many
     */
    public int forgetExpired() {
        String until =
                Long.toString(System.currentTimeMillis() - settings.jobTtl().toMillis());
        int forgotten = 0;
        for (long offset = 0; ; offset += PAGE) {
            List<?> reply =
                    redis.execute(FORGET_EXPIRED, keys.all(), until, Long.toString(offset), Integer.toString(PAGE));
            int gone = (int) number(reply.get(1));
            forgotten += gone;
            offset -= gone;
            if (number(reply.get(0)) < PAGE) {
                return forgotten;
            }
        }
    }

    /**
     * Lets one process at a time see to the queue's upkeep.
     *
     * @param worker who asks
     * @param turn how long a turn is
     * @return whether the turn is the caller's; nobody else gets one before it is over
     */
    public boolean takeUpkeep(String worker, Duration turn) {
        return Boolean.TRUE.equals(redis.opsForValue().setIfAbsent(keys.upkeep(), worker, turn));
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

    /**
     * Forgets dead letters that are older than {@code age} by this machine's clock. First the caller clears away what it
     * keeps of a job, then the queue forgets it: a crash in between leaves a dead letter without a picture, never a
     * picture that would be taken for a job still owed.
     *
     * @param max most dead letters to forget in this call, up to 1,000
     * @param clearAway is given each id; a job for which it throws is kept, and its exception ends the call
     * @return the ids of the forgotten
     */
    public List<String> expireDead(Duration age, int max, Consumer<String> clearAway) {
        long until = System.currentTimeMillis() - age.toMillis();
        var old = redis.opsForZSet().rangeByScore(keys.dead(), Double.NEGATIVE_INFINITY, until, 0, Math.min(max, PAGE));
        List<String> cleared = new ArrayList<>(old.size());
        try {
            for (String id : old) {
                clearAway.accept(id);
                cleared.add(id);
            }
        } finally {
            if (!cleared.isEmpty()) {
                Object[] args = Stream.concat(Stream.of(Long.toString(until)), cleared.stream())
                        .toArray();
                redis.execute(FORGET_DEAD, keys.all(), args);
            }
        }
        return cleared;
    }

    /**
     * Forgets jobs whose state says that they wait although they are neither in the list nor owed: their enqueueing broke
     * off. Each call looks at those that came of age since the last one.
     *
     * @param age jobs made less than this ago, by this machine's clock, may still be on their way into the list
     * @param owed whether somebody still has to do the job, then it is left alone
     * @return how many were forgotten
     */
    public synchronized int forgetUnowed(Duration age, Predicate<String> owed) {
        long until = System.currentTimeMillis() - age.toMillis();
        int forgotten = 0;
        for (long offset = 0; ; offset += PAGE) {
            List<?> page = redis.execute(
                    WAITING_SINCE,
                    keys.all(),
                    Long.toString(forgottenUntil),
                    Long.toString(until),
                    Long.toString(offset),
                    Integer.toString(PAGE));
            for (Object id : page.subList(1, page.size())) {
                if (!owed.test(text(id))) {
                    long gone = redis.execute(FORGET_UNOWED, keys.all(), text(id));
                    forgotten += (int) gone;
                    offset -= gone;
                }
            }
            if (number(page.get(0)) < PAGE) {
                forgottenUntil = until;
                return forgotten;
            }
        }
    }

    /**
     * Enqueues a job unless the queue knows it, deciding and pushing in one step. Walks the list where the job has a
     * state that says neither completed nor failed, so it is for candidates that {@link #forEachOwed} did not name.
     *
     * @param job what its hash is to hold where it has none; status and attempts start afresh
     * @param version ms since the epoch at acceptance
     */
    public Enqueued enqueueIfMissing(JobState job, long version) {
        Map<String, String> fields = JobHash.write(job);
        List<String> args = new ArrayList<>();
        args.add(job.id());
        fields.forEach((field, value) -> {
            args.add(field);
            args.add(value);
        });
        args.addAll(List.of(JobHash.VERSION, Long.toString(version)));
        String outcome = redis.execute(ENQUEUE_IF_MISSING, keys.all(), args.toArray());
        return Enqueued.valueOf(outcome.toUpperCase(Locale.ROOT));
    }

    /**
     * Names every job the queue owes: waiting, leased, put off or dead. Reads in pages while the queue goes on, so an id
     * may come twice, and one that is handed back meanwhile may be passed over: ask {@link #enqueueIfMissing} before
     * believing that a job is missing.
     */
    public void forEachOwed(Consumer<String> id) {
        // From the left: pushes shift the list to the right, so an id comes twice rather than never.
        for (long from = 0; ; from += PAGE) {
            List<String> page = redis.opsForList().range(keys.jobs(), from, from + PAGE - 1);
            page.forEach(id);
            if (page.size() < PAGE) {
                break;
            }
        }
        ScanOptions options = ScanOptions.scanOptions().count(PAGE).build();
        for (String key : List.of(keys.leases(), keys.later(), keys.dead())) {
            try (Cursor<TypedTuple<String>> cursor = redis.opsForZSet().scan(key, options)) {
                cursor.forEachRemaining(entry -> id.accept(entry.getValue()));
            }
        }
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

    private static long number(Object value) {
        return value instanceof Long whole ? whole : Long.parseLong((String) value);
    }

    private static String text(Object value) {
        return (String) value;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static RedisScript<List<?>> listScript(String name) {
        return (RedisScript) new DefaultRedisScript<>(PRELUDE + read(name), List.class);
    }

    private static RedisScript<Long> countScript(String name) {
        return new DefaultRedisScript<>(PRELUDE + read(name), Long.class);
    }

    private static String read(String script) {
        try (InputStream in = JobQueue.class.getResourceAsStream(script + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the queue's script " + script + " from the jar", e);
        }
    }
}
