package dev.vitrine.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the state of jobs is read from. */
public interface JobStore {

    /** The state of one job, empty where the job is unknown or has expired. */
    Optional<JobState> find(String jobId);

    /** The states of jobs by their ids; unknown ones are left out. */
    default Map<String, JobState> findAll(Collection<String> jobIds) {
        Map<String, JobState> found = new HashMap<>();
        jobIds.forEach(id -> find(id).ifPresent(job -> found.put(id, job)));
        return found;
    }

    /**
     * Jobs, newest first.
     *
     * @param status only these; null for all
     * @param productId only this product's; null for all
     * @param limit at most this many, 1 to 1,000
     * @param before only jobs that come before this place; null for the first page
     */
    JobListing list(JobStatus status, String productId, int limit, JobCursor before);

    /** The attempts at a job that have ended, the first one first; empty where this store does not keep them. */
    default List<JobAttempt> attempts(String jobId) {
        return List.of();
    }
}
