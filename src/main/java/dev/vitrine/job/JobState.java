package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A job's state as {@code GET /jobs/{job_id}} shows it and as its Redis hash holds it. Times are RFC 3339 in UTC with
 * milliseconds; what has not happened yet is null (in the hash: absent).
 *
 * @param createdAt when the job was accepted: its version, as a time
 * @param attempts how often a worker began the job
 * @param model name of the model that made the vector, once the job is completed
 * @param error why the last try failed, in words a person understands
 * @param digest twelve hex digits of where it failed in the code, equal for failures of one kind at one place
 * @param collection where the point goes; null, and not in the JSON, for the main collection
 */
@JsonPropertyOrder({
    "job_id",
    "product_id",
    "image_id",
    "name",
    "status",
    "attempts",
    "created_at",
    "started_at",
    "finished_at",
    "model",
    "error",
    "digest",
    "collection"
})
public record JobState(
        @JsonProperty("job_id") String id,
        @JsonProperty("product_id") String productId,
        @JsonProperty("image_id") String imageId,
        @JsonProperty("name") String name,
        @JsonProperty("status") JobStatus status,
        @JsonProperty("attempts") int attempts,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("started_at") String startedAt,
        @JsonProperty("finished_at") String finishedAt,
        @JsonProperty("model") String model,
        @JsonProperty("error") String error,
        @JsonProperty("digest") String digest,
        @JsonProperty("collection") @JsonInclude(JsonInclude.Include.NON_NULL) String collection) {

    /** The state of a job of the main collection. */
    public JobState(
            String id,
            String productId,
            String imageId,
            String name,
            JobStatus status,
            int attempts,
            String createdAt,
            String startedAt,
            String finishedAt,
            String model,
            String error,
            String digest) {
        this(
                id,
                productId,
                imageId,
                name,
                status,
                attempts,
                createdAt,
                startedAt,
                finishedAt,
                model,
                error,
                digest,
                null);
    }

    /** The state of a job that was just accepted and waits for its first try. */
    public static JobState queued(Job job) {
        return of(job, JobStatus.QUEUED, 0, null, null, null, null);
    }

    /**
     * The state of a job that was done at its first try.
     *
     * @param finished ms since the epoch
     * @param model name of the model that made the vector
     */
    public static JobState completed(Job job, long finished, String model) {
        return of(job, JobStatus.COMPLETED, 1, Rfc3339.format(job.version()), Rfc3339.format(finished), model, null);
    }

    /**
     * The state of a job that was given up.
     *
     * @param finished ms since the epoch
     * @param error why, in words a person understands
     */
    public static JobState failed(Job job, int attempts, long finished, String error) {
        return of(
                job, JobStatus.FAILED, attempts, Rfc3339.format(job.version()), Rfc3339.format(finished), null, error);
    }

    private static JobState of(
            Job job, JobStatus status, int attempts, String startedAt, String finishedAt, String model, String error) {
        return new JobState(
                job.id(),
                job.productId(),
                job.imageId(),
                job.name(),
                status,
                attempts,
                Rfc3339.format(job.version()),
                startedAt,
                finishedAt,
                model,
                error,
                null,
                job.collection());
    }
}
