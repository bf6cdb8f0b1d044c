package dev.vitrine.queue;

import dev.vitrine.job.JobPage;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.connection.StringRedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;

/**
 * Reads the state of jobs from their hashes. A listing starts from the structure that names the fewest jobs: dead letters
 * for {@code failed} (the latest failure first), the leases for {@code processing}, those put off for {@code retrying},
 * the list for {@code queued}, and the index of recent jobs for the rest. A call looks at no more than 10,000 jobs: with
 * a filter that few of them meet a page may be short, even empty, and still name a next one.
 */
public final class RedisJobStore implements JobStore {

    private static final int MOST_LOOKED_AT = 10_000;
    private static final int PAGE = 500;

    private final StringRedisTemplate redis;
    private final QueueKeys keys;

    /** Reads the jobs of this queue. */
    public RedisJobStore(JobQueue queue) {
        this.redis = queue.redis();
        this.keys = queue.keys();
    }

    @Override
    public Optional<JobState> find(String jobId) {
        var values = redis.opsForHash().multiGet(keys.job(jobId), List.copyOf(JobHash.FIELDS));
        return Optional.ofNullable(JobHash.read(jobId, values));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException for a limit outside 1 to 1,000 or a cursor that no page named
     */
    @Override
    public JobPage list(JobStatus status, String productId, int limit, String cursor) {
        if (limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException("List from 1 to 1,000 jobs, not " + limit);
        }
        Filter filter = new Filter(status, productId, limit);
        if (status == JobStatus.PROCESSING || status == JobStatus.RETRYING) {
            String key = status == JobStatus.PROCESSING ? keys.leases() : keys.later();
            return byId(redis.opsForZSet().range(key, 0, MOST_LOOKED_AT - 1), filter, cursor);
        }
        if (status == JobStatus.QUEUED) {
            return byId(redis.opsForList().range(keys.jobs(), 0, MOST_LOOKED_AT - 1), filter, cursor);
        }
        return byScore(status == JobStatus.FAILED ? keys.dead() : keys.recent(), filter, cursor);
    }

    /** Ids are time-ordered: sorted downwards they are newest first, and the last one shown is the cursor. */
    private JobPage byId(Collection<String> all, Filter filter, String cursor) {
        List<String> ids = all.stream()
                .filter(id -> cursor == null || id.compareTo(cursor) < 0)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        List<JobState> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<String> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
            for (JobState job : states(page)) {
                if (filter.meets(job)) {
                    found.add(job);
                    if (found.size() == filter.limit()) {
                        boolean last = job.id().equals(ids.get(ids.size() - 1));
                        return new JobPage(found, last ? null : job.id());
                    }
                }
            }
        }
        return new JobPage(found, null);
    }

    /** The cursor is score and id of the last entry looked at; entries of one score are ordered by id. */
    private JobPage byScore(String key, Filter filter, String cursor) {
        Position after = Position.of(cursor);
        List<JobState> found = new ArrayList<>();
        long offset = 0;
        int lookedAt = 0;
        while (lookedAt < MOST_LOOKED_AT) {
            List<TypedTuple<String>> read = List.copyOf(redis.opsForZSet()
                    .reverseRangeByScoreWithScores(key, Double.NEGATIVE_INFINITY, after.score(), offset, PAGE));
            List<TypedTuple<String>> page = new ArrayList<>(read);
            Position start = after;
            page.removeIf(entry -> !start.precedes(entry));
            List<JobState> states =
                    states(page.stream().map(TypedTuple::getValue).toList());
            for (int i = 0; i < page.size(); i++) {
                JobState job = states.get(i);
                if (filter.meets(job)) {
                    found.add(job);
                    if (found.size() == filter.limit()) {
                        boolean last = read.size() < PAGE && i == page.size() - 1;
                        return new JobPage(
                                found, last ? null : Position.of(page.get(i)).cursor());
                    }
                }
            }
            if (read.size() < PAGE) {
                return new JobPage(found, null);
            }
            lookedAt += read.size();
            offset += read.size();
            if (lookedAt >= MOST_LOOKED_AT) {
                return new JobPage(found, Position.of(read.get(read.size() - 1)).cursor());
            }
        }
        return new JobPage(found, null);
    }

    /** The states in the order of the ids, null for a job that has none. */
    private List<JobState> states(List<String> ids) {
        String[] fields = JobHash.FIELDS.toArray(String[]::new);
        List<Object> replies = redis.executePipelined((RedisCallback<Object>) connection -> {
            ids.forEach(id -> ((StringRedisConnection) connection).hMGet(keys.job(id), fields));
            return null;
        });
        List<JobState> states = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            states.add(JobHash.read(ids.get(i), (List<?>) replies.get(i)));
        }
        return states;
    }

    private record Filter(JobStatus status, String productId, int limit) {

        boolean meets(JobState job) {
            return job != null
                    && (status == null || status == job.status())
                    && (productId == null || productId.equals(job.productId()));
        }
    }

    private record Position(double score, String id) {

        static Position of(TypedTuple<String> entry) {
            return new Position(entry.getScore(), entry.getValue());
        }

        static Position of(String cursor) {
            if (cursor == null) {
                return new Position(Double.POSITIVE_INFINITY, null);
            }
            int dash = cursor.indexOf('_');
            if (dash < 1 || !cursor.substring(0, dash).matches("\\d{1,15}")) {
                throw new IllegalArgumentException("No page of jobs ends at '" + cursor + "'; pass a next_cursor as it"
                        + " was given, for the same status");
            }
            return new Position(Long.parseLong(cursor.substring(0, dash)), cursor.substring(dash + 1));
        }

        String cursor() {
            return (long) score + "_" + id;
        }

        boolean precedes(TypedTuple<String> entry) {
            return id == null || entry.getScore() < score || entry.getValue().compareTo(id) < 0;
        }
    }
}
