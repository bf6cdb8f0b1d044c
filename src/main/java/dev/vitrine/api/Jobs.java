package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.ProblemException;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobPage;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.queue.JobQueue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the routes ask about jobs: those in the queue's Redis, and those indexed here while Redis was away. */
public final class Jobs {
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 1_000;

    /** What a client gets for its upload. */
    public record Receipt(@JsonProperty("job_id") String jobId, @JsonProperty("status") String status) {}

    /** How many failed jobs went back to the queue. */
    public record Retried(@JsonProperty("retried") int count) {}

    private final Optional<JobQueue> queue;
    private final Optional<JobStore> store;
    private final LocalJobStore local;
    private final String model;

    /**
     * @param queue holds the dead letters; empty where the service runs without a queue
     * @param store the jobs in Redis; empty where the service runs without a queue
     * @param model name of the model, for jobs indexed at once
     */
    public Jobs(Optional<JobQueue> queue, Optional<JobStore> store, LocalJobStore local, String model) {
        this.queue = queue;
        this.store = store;
        this.local = local;
        this.model = model;
    }

    /** The Redis hash of a job that is about to be enqueued. */
    public Map<String, String> queued(Job job) {
        Map<String, String> fields = new HashMap<>();
        fields.put("job_id", job.id());
        fields.put("product_id", job.productId());
        fields.put("image_id", job.imageId());
        fields.put("name", job.name());
        fields.put("status", JobStatus.QUEUED.wireName());
        fields.put("attempts", "0");
        fields.put("version", Long.toString(job.version()));
        fields.put("created_at", time(job.version()));
        if (job.collection() != null) {
            fields.put("collection", job.collection());
        }
        return fields;
    }

    /** Remembers a job that was indexed while its client waited. */
    public void indexed(Job job) {
        String now = time(System.currentTimeMillis());
        local.put(new JobState(
                job.id(),
                job.productId(),
                job.imageId(),
                job.name(),
                JobStatus.COMPLETED,
                1,
                time(job.version()),
                time(job.version()),
                now,
                model,
                null,
                null,
                job.collection()));
    }

    public Receipt receipt(String jobId, String status) {
        return new Receipt(jobId, status);
    }

    /**
     * The state of a job.
     *
     * @throws ProblemException 404 where it is unknown
     */
    public JobState get(String jobId) {
        return local.find(jobId)
                .or(() -> store.flatMap(jobs -> jobs.find(jobId)))
                .orElseThrow(() -> ProblemException.notFound("There is no job " + jobId
                        + "; jobs are remembered for a while after their end (VITRINE_JOB_TTL)."));
    }

    /**
     * Jobs, newest first.
     *
     * @param status wire name of a status, or null
     * @param limit 1 to 1,000 as text, or null for 50
     * @throws ProblemException 400 for a bad parameter
     */
    public JobPage list(String status, String productId, String limit, String cursor) {
        JobStatus wanted = status(status);
        int size = limit(limit);
        JobPage here = local.list(wanted, productId, size, cursor);
        if (store.isEmpty()) {
            return here;
        }
        JobPage there = store.get().list(wanted, productId, size, cursor);
        List<JobState> all = new ArrayList<>(there.jobs());
        all.addAll(here.jobs());
        all.sort(Comparator.comparing(JobState::id).reversed());
        if (all.size() <= size) {
            return new JobPage(all, there.nextCursor() == null ? here.nextCursor() : there.nextCursor());
        }
        return new JobPage(List.copyOf(all.subList(0, size)), all.get(size - 1).id());
    }

    /**
     * Sends a failed job back to the queue.
     *
     * @throws ProblemException 404 where it is unknown, 409 unless it is failed
     */
    public Receipt retry(String jobId) {
        JobState job = get(jobId);
        if (job.status() != JobStatus.FAILED
                || !queue.map(jobs -> jobs.retryDead(jobId)).orElse(false)) {
            throw new ProblemException(
                    409,
                    "Job " + jobId + " is " + job.status().wireName() + "; only a failed job can be retried.",
                    List.of());
        }
        return new Receipt(jobId, JobStatus.QUEUED.wireName());
    }

    /**
     * Sends every failed job back to the queue; one that fails again meanwhile stays failed.
     *
     * @param status which jobs: {@code failed}, or null for the same
     * @throws ProblemException 400 for any other status
     */
    public Retried retryAll(String status) {
        JobStatus wanted = status(status);
        if (wanted != null && wanted != JobStatus.FAILED) {
            throw ProblemException.ofField(400, "status", "must be failed; no other job can be retried");
        }
        return new Retried(queue.map(jobs -> jobs.retryAllDead(
                        (int) Math.min(Integer.MAX_VALUE, jobs.depth().dead())))
                .orElse(0));
    }

    private static JobStatus status(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return JobStatus.ofWireName(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(400, "status", e.getMessage());
        }
    }

    private static int limit(String text) {
        if (text == null || text.isBlank()) {
            return DEFAULT_PAGE;
        }
        try {
            int limit = Integer.parseInt(text.strip());
            if (limit >= 1 && limit <= LARGEST_PAGE) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ProblemException.ofField(400, "limit", "must be a whole number from 1 to " + LARGEST_PAGE);
    }

    private static String time(long millis) {
        return RFC_3339.format(Instant.ofEpochMilli(millis));
    }
}
