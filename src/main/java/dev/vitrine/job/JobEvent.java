package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How one attempt at a job ended. Times are ms since the epoch by the clock of the process that made the attempt.
 *
 * @param lease tells this attempt from every other one of the same job, also after the job was sent back to the queue
 * @param attempt which attempt it was, counted from 1 since the job was last put into the queue
 * @param outcome {@code COMPLETED}, {@code FAILED}, or {@code RETRYING} where another attempt follows
 * @param imageId null where the spool no longer knew the job
 * @param name null where the spool no longer knew the job
 * @param collection null for the main collection
 * @param created when the job was accepted
 * @param model name of the model that made the vector, null unless completed
 * @param reason why the attempt failed, null where it did not
 * @param digest what tells one cause from another, null or empty where there is none
 */
@JsonIgnoreProperties(ignoreUnknown = true) // of a version before or after this one
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobEvent(
        @JsonProperty("job_id") String jobId,
        @JsonProperty("lease") String lease,
        @JsonProperty("attempt") int attempt,
        @JsonProperty("outcome") JobStatus outcome,
        @JsonProperty("product_id") String productId,
        @JsonProperty("image_id") String imageId,
        @JsonProperty("name") String name,
        @JsonProperty("collection") String collection,
        @JsonProperty("created") long created,
        @JsonProperty("started") long started,
        @JsonProperty("finished") long finished,
        @JsonProperty("worker") String worker,
        @JsonProperty("model") String model,
        @JsonProperty("reason") String reason,
        @JsonProperty("digest") String digest) {}
