package dev.vitrine.queue;

import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.springframework.data.redis.connection.StringRedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Reads the state of jobs from their hashes. A listing starts from the structure that names the fewest jobs: dead letters
 * for {@code failed} (the latest failure first), the leases for {@code processing}, those put off for {@code retrying},
 * the list for {@code queued}, and the index of recent jobs for the rest. A call looks at the states of no more than 10,000
 * jobs: with a filter that few of them meet a page may be short, even empty, and still name a next one.
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

    @Override
    public Map<String, JobState> findAll(Collection<String> jobIds) {
        Map<String, JobState> found = new HashMap<>();
        for (JobState job : states(List.copyOf(jobIds))) {
            if (job != null) {
                found.put(job.id(), job);
            }
        }
        return found;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException for a limit outside 1 to 1,000
     */
    @Override
    public JobListing list(JobStatus status, String productId, int limit, JobCursor before) {
        if (limit < 1 || limit > 1_000) {
            throw new IllegalArgumentException("List from 1 to 1,000 jobs, not " + limit);
        }
        Filter filter = new Filter(status, productId, limit);
        if (status == JobStatus.PROCESSING || status == JobStatus.RETRYING) {
            String key = status == JobStatus.PROCESSING ? keys.leases() : keys.later();
            return byId((from, to) -> redis.opsForZSet().range(key, from, to), filter, before);
        }
        if (status == JobStatus.QUEUED) {
            return byId((from, to) -> redis.opsForList().range(keys.jobs(), from, to), filter, before);
        }
        return byScore(status == JobStatus.FAILED ? keys.dead() : keys.recent(), filter, before);
    }

    /** Ids are time-ordered: sorted downwards they are newest first. All are read, and the states of the newest. */
    private JobListing byId(BiFunction<Long, Long, Collection<String>> read, Filter filter, JobCursor before) {
        TreeSet<String> newest = new TreeSet<>();
        boolean more = false;
        for (long from = 0; ; from += MOST_LOOKED_AT) {
            Collection<String> part = read.apply(from, from + MOST_LOOKED_AT - 1);
            for (String id : part) {
                if (before == null || id.compareTo(before.id()) < 0) {
                    newest.add(id);
                    if (newest.size() > MOST_LOOKED_AT) {
                        newest.pollFirst();
                        more = true;
                    }
                }
            }
            if (part.size() < MOST_LOOKED_AT) {
                break;
            }
        }
        List<String> ids = List.copyOf(newest.descendingSet());
        List<JobListing.Entry> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<String> page = ids.subList(from, Math.min(ids.size(), from + PAGE));
            for (JobState job : states(page)) {
                if (filter.meets(job)) {
                    JobCursor place = new JobCursor(0, job.id());
                    found.add(new JobListing.Entry(job, place));
                    if (found.size() == filter.limit()) {
                        boolean last = !more && job.id().equals(ids.get(ids.size() - 1));
                        return new JobListing(found, last ? null : place);
                    }
                }
            }
        }
        return new JobListing(found, more ? new JobCursor(0, newest.first()) : null);
    }

    /** Places are score and id; entries of one score are ordered by id. */
    private JobListing byScore(String key, Filter filter, JobCursor before) {
        double highest = before == null ? Double.POSITIVE_INFINITY : before.at();
        List<JobListing.Entry> found = new ArrayList<>();
        for (long offset = 0; ; offset += PAGE) {
            List<JobCursor> read = redis
                    .opsForZSet()
                    .reverseRangeByScoreWithScores(key, Double.NEGATIVE_INFINITY, highest, offset, PAGE)
                    .stream()
                    .map(entry -> new JobCursor(entry.getScore().longValue(), entry.getValue()))
                    .toList();
            List<JobCursor> page = read.stream()
                    .filter(place -> before == null || place.compareTo(before) < 0)
                    .toList();
            List<JobState> states = states(page.stream().map(JobCursor::id).toList());
            for (int i = 0; i < page.size(); i++) {
                if (filter.meets(states.get(i))) {
                    found.add(new JobListing.Entry(states.get(i), page.get(i)));
                    if (found.size() == filter.limit()) {
                        boolean last = read.size() < PAGE && i == page.size() - 1;
                        return new JobListing(found, last ? null : page.get(i));
                    }
                }
            }
            if (read.size() < PAGE) {
                return new JobListing(found, null);
            }
            if (offset + PAGE >= MOST_LOOKED_AT) {
                return new JobListing(found, read.get(read.size() - 1));
            }
        }
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
}
