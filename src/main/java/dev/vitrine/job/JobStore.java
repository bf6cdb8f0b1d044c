package dev.vitrine.job;

import java.util.Optional;

/** Where the state of jobs is read from. */
public interface JobStore {

    /** The state of one job, empty where the job is unknown or has expired. */
    Optional<JobState> find(String jobId);

    /**
     * Jobs, newest first.
     *
     * @param status only these; null for all
     * @param productId only this product's; null for all
     * @param limit at most this many, 1 to 1,000
     * @param before only jobs that come before this place; null for the first page
     */
    JobListing list(JobStatus status, String productId, int limit, JobCursor before);
}
