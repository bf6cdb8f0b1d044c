package dev.vitrine.queue;

import dev.vitrine.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * What is done for a queue from time to time: what it lost is enqueued again, what is over is forgotten. Safe for many
 * threads and processes.
 */
public final class QueueUpkeep {
    private static final int PAGE = 1_000;

    private static final RedisScript<Long> FORGET_DEAD = QueueScripts.count("forget_dead");
    private static final RedisScript<List<?>> WAITING_SINCE = QueueScripts.list("waiting_since");
    private static final RedisScript<Long> FORGET_UNOWED = QueueScripts.count("forget_unowed");
    private static final RedisScript<List<?>> FORGET_EXPIRED = QueueScripts.list("forget_expired");
    private static final RedisScript<Long> RETURN_LEASES = QueueScripts.count("return_leases");
    private static final RedisScript<String> ENQUEUE_IF_MISSING = QueueScripts.text("enqueue_if_missing");

    private final JobQueue queue;
    private long forgottenUntil;

    QueueUpkeep(JobQueue queue) {
        this.queue = queue;
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
            int now = queue.redis()
                    .execute(RETURN_LEASES, queue.keys().all(), Long.toString(over.toMillis()), Integer.toString(PAGE))
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
        String until = Long.toString(
                System.currentTimeMillis() - queue.settings().jobTtl().toMillis());
        int forgotten = 0;
        for (long offset = 0; ; offset += PAGE) {
            List<?> reply = queue.redis()
                    .execute(FORGET_EXPIRED, queue.keys().all(), until, Long.toString(offset), Integer.toString(PAGE));
            int gone = (int) JobQueue.number(reply.get(1));
            forgotten += gone;
            offset -= gone;
            if (JobQueue.number(reply.get(0)) < PAGE) {
                return forgotten;
            }
        }
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
        var old = queue.redis()
                .opsForZSet()
                .rangeByScore(queue.keys().dead(), Double.NEGATIVE_INFINITY, until, 0, Math.min(max, PAGE));
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
                queue.redis().execute(FORGET_DEAD, queue.keys().all(), args);
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
            List<?> page = queue.redis()
                    .execute(
                            WAITING_SINCE,
                            queue.keys().all(),
                            Long.toString(forgottenUntil),
                            Long.toString(until),
                            Long.toString(offset),
                            Integer.toString(PAGE));
            for (Object id : page.subList(1, page.size())) {
                if (!owed.test(JobQueue.text(id))) {
                    long gone =
                            queue.redis().execute(FORGET_UNOWED, queue.keys().all(), JobQueue.text(id));
                    forgotten += (int) gone;
                    offset -= gone;
                }
            }
            if (JobQueue.number(page.get(0)) < PAGE) {
                forgottenUntil = until;
                return forgotten;
            }
        }
    }

    /** Whether the queue has heard of a job, ended ones included until they expire. */
    public boolean knows(String id) {
        return Boolean.TRUE.equals(queue.redis().hasKey(queue.keys().job(id)));
    }

    /** What tells the latest delivery of a job from every other one; empty where it was never taken. */
    public Optional<String> lastDelivery(String id) {
        return Optional.ofNullable(
                queue.redis().<String, String>opsForHash().get(queue.keys().job(id), "owner"));
    }

    /** The dead letters of a time, by this machine's clock; the latest {@code max} of them. */
    public List<String> diedWithin(Duration time, int max) {
        return List.copyOf(queue.redis()
                .opsForZSet()
                .reverseRangeByScore(
                        queue.keys().dead(),
                        System.currentTimeMillis() - time.toMillis(),
                        Double.POSITIVE_INFINITY,
                        0,
                        max));
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
        String outcome = queue.redis().execute(ENQUEUE_IF_MISSING, queue.keys().all(), args.toArray());
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
            List<String> page = queue.redis().opsForList().range(queue.keys().jobs(), from, from + PAGE - 1);
            page.forEach(id);
            if (page.size() < PAGE) {
                break;
            }
        }
        ScanOptions options = ScanOptions.scanOptions().count(PAGE).build();
        for (String key : List.of(
                queue.keys().leases(), queue.keys().later(), queue.keys().dead())) {
            try (Cursor<TypedTuple<String>> cursor = queue.redis().opsForZSet().scan(key, options)) {
                cursor.forEachRemaining(entry -> id.accept(entry.getValue()));
            }
        }
    }
}
