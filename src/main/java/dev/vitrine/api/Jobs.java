package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.ShopId;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobPage;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.queue.JobHash;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.reindex.Generation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** What the routes ask about jobs: those in the queue's Redis, and those indexed here while Redis was away. */
public final class Jobs {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 1_000;
    private static final int MOST_IDS = 500;

    /** What a client gets for its upload. */
    public record Receipt(@JsonProperty("job_id") String jobId, @JsonProperty("status") String status) {}

    private final Optional<JobQueue> queue;
    private final Optional<JobStore> store;
    private final LocalJobStore local;
    private final Optional<JobStore> history;
    private final JobEvents events;
    private final String mainCollection;
    private final Supplier<String> model;
    private final Clock clock;

    /**
     * @param queue holds the dead letters; empty where the service runs without a queue
     * @param store the jobs in Redis; empty where the service runs without a queue
     * @param history the jobs that the queue has forgotten; empty where none are kept
     * @param events is told of jobs indexed at once
     * @param mainCollection name of the collection of jobs that name none
     * @param model name of the model that serves, for jobs indexed at once that do not know theirs
     */
    public Jobs(
            Optional<JobQueue> queue,
            Optional<JobStore> store,
            LocalJobStore local,
            Optional<JobStore> history,
            JobEvents events,
            String mainCollection,
            Supplier<String> model,
            Clock clock) {
        this.queue = queue;
        this.store = store;
        this.local = local;
        this.history = history;
        this.events = events;
        this.mainCollection = mainCollection;
        this.model = model;
        this.clock = clock;
    }

    /** The Redis hash of a job that is about to be enqueued. */
    public Map<String, String> queued(Job job) {
        return JobHash.queued(job);
    }

    /**
     * Remembers a job that was indexed while its client waited.
     *
     * @param generation whose model made the vector; null for the one that serves
     */
    public void indexed(Job job, @Variable("generation") Generation generation) {
        long now = clock.millis();
        String made = generation == null ? model.get() : generation.model().name();
        local.put(JobState.completed(job, now, made));
        JobEvent end = new JobEvent(
                job.id(),
                "at-once",
                1,
                JobStatus.COMPLETED,
                job.productId(),
                job.imageId(),
                job.name(),
                job.collection(),
                job.version(),
                job.version(),
                now,
                null,
                made,
                null,
                null);
        events.decided(end);
        events.ended(end);
    }

    /** The answer of an upload. */
    public Receipt receipt(@Variable("jobId") String jobId, @Variable("outcome") String status) {
        return new Receipt(jobId, status);
    }

    /**
     * The state of a job.
     *
     * @param collection whose jobs may be seen; null for those of all
     * @throws ProblemException 404 where it is unknown
     */
    public JobState get(@Header("job_id") String jobId, @Variable("collection") String collection) {
        return local.find(jobId)
                .or(() -> store.flatMap(jobs -> jobs.find(jobId)))
                .or(() -> history.flatMap(jobs -> jobs.find(jobId)))
                .filter(job -> isVisible(job, collection))
                .orElseThrow(() -> ProblemException.notFound("There is no job " + jobId
                        + "; jobs are remembered for a while after their end (VITRINE_JOB_TTL)."));
    }

    /**
     * The same, with the attempts that have ended.
     *
     * @see #get
     */
    public JobDetails details(@Header("job_id") String jobId, @Variable("collection") String collection) {
        return details(get(jobId, collection));
    }

    JobDetails details(JobState job) {
        return new JobDetails(job, history.map(jobs -> jobs.attempts(job.id())).orElse(List.of()));
    }

    /** The states of jobs, in the order of their ids; unknown ones are left out. */
    List<JobState> find(Collection<String> jobIds) {
        Map<String, JobState> found = new HashMap<>();
        Set<String> missing = new LinkedHashSet<>(jobIds);
        for (JobStore jobs : Stream.of(Optional.of((JobStore) local), store, history)
                .flatMap(Optional::stream)
                .toList()) {
            found.putAll(missing.isEmpty() ? Map.of() : jobs.findAll(missing));
            missing.removeAll(found.keySet());
        }
        return jobIds.stream()
                .distinct()
                .map(found::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Jobs by their ids, in the order of these, or newest first. Routes of sites give the first four arguments by their place.
     *
     * @param ids up to 500, separated by commas, unknown ones are left out; or null for a listing. No other parameter goes
     *     with it
     * @param status wire name of a status, or null
     * @param reason text that is in the reason of the failure, or null
     * @param since accepted then or later, RFC 3339, or null
     * @param until accepted before, or null
     * @param limit 1 to 1,000 as text, or null for 50
     * @param collection whose jobs may be seen; null for those of all
     * @throws ProblemException 400 for a bad parameter
     */
    public JobPage list(
            @Header("status") String status,
            @Header("product_id") String productId,
            @Header("limit") String limit,
            @Header("cursor") String cursor,
            @Header("ids") String ids,
            @Header("reason") String reason,
            @Header("since") String since,
            @Header("until") String until,
            @Variable("collection") String collection) {
        FieldErrors errors = new FieldErrors();
        if (ids != null && !ids.isBlank()) {
            if (Stream.of(status, productId, reason, since, until, limit, cursor)
                    .anyMatch(Objects::nonNull)) {
                errors.add("ids", "names the jobs; no other parameter goes with it");
            }
            List<String> named = errors.read(() -> ids(ids));
            errors.check();
            return new JobPage(
                    find(named).stream()
                            .filter(job -> isVisible(job, collection))
                            .toList(),
                    null);
        }
        JobStatus wanted = errors.read(() -> status(status));
        String product = ShopId.normal(productId);
        Integer size = errors.read(() -> limit(limit));
        JobCursor before = errors.read(() -> cursor(cursor));
        JobMatch match = errors.read(() -> JobMatch.read(reason, since, until));
        errors.check();
        int looked = match.isAll() ? size : LARGEST_PAGE; // few of many may meet it
        return merged(
                Stream.of(Optional.of((JobStore) local), store, history)
                        .flatMap(Optional::stream)
                        .map(jobs -> jobs.list(wanted, product, looked, before))
                        .map(listing -> visible(listing, job -> match.meets(job) && isVisible(job, collection)))
                        .toList(),
                size);
    }

    private static JobListing visible(JobListing listing, Predicate<JobState> isWanted) {
        return new JobListing(
                listing.entries().stream()
                        .filter(entry -> isWanted.test(entry.job()))
                        .toList(),
                listing.next());
    }

    private boolean isVisible(JobState job, String collection) {
        return collection == null || collection.equals(job.collection() == null ? mainCollection : job.collection());
    }

    /**
     * Of listings from one place the newest, and where all go on: no job is passed over, none comes twice. What an
     * earlier listing says of a job is newer than what a later one says.
     */
    private static JobPage merged(List<JobListing> listings, int size) {
        List<JobListing.Entry> all = new ArrayList<>();
        Set<String> known = new HashSet<>();
        JobCursor end = null;
        for (JobListing listing : listings) {
            listing.entries().stream()
                    .filter(entry -> known.add(entry.job().id()))
                    .forEach(all::add);
            if (listing.next() != null && (end == null || listing.next().compareTo(end) > 0)) {
                end = listing.next();
            }
        }
        // What is older than the end of the shorter listing may have jobs of that one before it.
        JobCursor oldest = end;
        List<JobListing.Entry> sure = all.stream()
                .filter(entry -> oldest == null || entry.place().compareTo(oldest) >= 0)
                .sorted(Comparator.comparing(JobListing.Entry::place).reversed())
                .toList();
        return sure.size() > size
                ? page(sure.subList(0, size), sure.get(size - 1).place())
                : page(sure, oldest);
    }

    private static JobPage page(List<JobListing.Entry> entries, JobCursor next) {
        return new JobPage(entries.stream().map(JobListing.Entry::job).toList(), next == null ? null : next.toString());
    }

    /**
     * Sends a failed job back to the queue.
     *
     * @throws ProblemException 404 where it is unknown, 409 unless it is failed
     */
    public Receipt retry(@Header("job_id") String jobId, @Variable("collection") String collection) {
        JobState job = get(jobId, collection);
        if (job.status() != JobStatus.FAILED
                || !queue.map(jobs -> jobs.retryDead(jobId)).orElse(false)) {
            throw new ProblemException(
                    409,
                    "Job " + jobId + " is " + job.status().wireName() + "; only a failed job can be retried.",
                    List.of());
        }
        return new Receipt(jobId, JobStatus.QUEUED.wireName());
    }

    static List<String> ids(String text) {
        List<String> ids = Stream.of(text.split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        if (ids.size() > MOST_IDS) {
            throw ProblemException.ofField(
                    400, "ids", "names " + ids.size() + " jobs; at most " + MOST_IDS + " in a request");
        }
        return ids;
    }

    static void requireFailed(String status) {
        JobStatus wanted = status(status);
        if (wanted != null && wanted != JobStatus.FAILED) {
            throw ProblemException.ofField(400, "status", "must be failed; no other job can be retried");
        }
    }

    static JobStatus status(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return JobStatus.ofWireName(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(400, "status", e.getMessage());
        }
    }

    static JobCursor cursor(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return JobCursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(400, "cursor", e.getMessage());
        }
    }

    static int limit(String text) {
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
}
