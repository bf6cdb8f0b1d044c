package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.ShopId;
import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import dev.vitrine.queue.JobQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Sends failed jobs back to the queue, many at once. */
public final class JobRetries {
    private static final int PAGE = 1_000;

    /**
     * What became of the failed jobs that were asked for.
     *
     * @param matching how many there were
     * @param retried how many went back to the queue
     * @param noLongerFailed how many were sent back, or expired, between being found and being sent back here
     */
    public record Retried(
            @JsonProperty("matching") long matching,
            @JsonProperty("retried") long retried,
            @JsonProperty("no_longer_failed") long noLongerFailed) {}

    private final Optional<JobQueue> queue;
    private final Optional<JobStore> store;
    private final String mainCollection;

    /**
     * @param queue holds the dead letters; empty where the service runs without a queue
     * @param store the jobs in Redis; likewise
     * @param mainCollection name of the collection of jobs that name none
     */
    public JobRetries(Optional<JobQueue> queue, Optional<JobStore> store, String mainCollection) {
        this.queue = queue;
        this.store = store;
        this.mainCollection = mainCollection;
    }

    /**
     * Sends failed jobs back to the queue; however many ask for it at a time, none is queued twice. One that fails again
     * meanwhile stays failed.
     *
     * @param status {@code failed}, or null for the same
     * @param productId of which product; null for all
     * @param reason text that is in the reason; null for any
     * @param since accepted then or later; null for any time
     * @param until accepted before; null for any time
     * @param dryRun {@code true} to count them only
     * @param collection whose jobs; null for those of all
     * @throws ProblemException 400 for a bad parameter
     */
    public Retried retry(
            @Header("status") String status,
            @Header("product_id") String productId,
            @Header("reason") String reason,
            @Header("since") String since,
            @Header("until") String until,
            @Header("dry_run") String dryRun,
            @Variable("collection") String collection) {
        Jobs.requireFailed(status);
        boolean onlyCounts = isTrue(dryRun);
        JobMatch match = JobMatch.read(reason, since, until);
        String product = productId == null || productId.isBlank() ? null : ShopId.normal(productId);
        if (queue.isEmpty() || store.isEmpty()) {
            return new Retried(0, 0, 0);
        }
        if (product == null && match.isAll() && collection == null) {
            return all(queue.get(), onlyCounts);
        }
        List<String> ids = ids(store.get(), product, job -> match.meets(job) && isOf(job, collection));
        if (onlyCounts) {
            return new Retried(ids.size(), 0, 0);
        }
        long retried = ids.stream().filter(queue.get()::retryDead).count();
        return new Retried(ids.size(), retried, ids.size() - retried);
    }

    private static Retried all(JobQueue jobs, boolean onlyCounts) {
        long dead = jobs.depth().dead();
        if (onlyCounts) {
            return new Retried(dead, 0, 0);
        }
        long retried = jobs.retryAllDead((int) Math.min(Integer.MAX_VALUE, dead));
        return new Retried(dead, retried, Math.max(0, dead - retried));
    }

    /** All are found before the first is sent back, so that one that fails again meanwhile is not taken twice. */
    private static List<String> ids(JobStore jobs, String product, Predicate<JobState> wanted) {
        List<String> ids = new ArrayList<>();
        JobCursor next = null;
        do {
            JobListing page = jobs.list(JobStatus.FAILED, product, PAGE, next);
            page.entries().stream()
                    .map(JobListing.Entry::job)
                    .filter(wanted)
                    .map(JobState::id)
                    .forEach(ids::add);
            next = page.next();
        } while (next != null);
        return ids;
    }

    private boolean isOf(JobState job, String collection) {
        return collection == null || collection.equals(job.collection() == null ? mainCollection : job.collection());
    }

    static boolean isTrue(String text) {
        if (text == null || text.isBlank() || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw ProblemException.ofField(400, "dry_run", "must be true or false");
    }
}
