package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One attempt at a job, as the history shows it. Times are RFC 3339.
 *
 * @param outcome {@code completed}, {@code retrying} or {@code failed}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobAttempt(
        @JsonProperty("attempt") int attempt,
        @JsonProperty("outcome") JobStatus outcome,
        @JsonProperty("started_at") String startedAt,
        @JsonProperty("finished_at") String finishedAt,
        @JsonProperty("worker") String worker,
        @JsonProperty("model") String model,
        @JsonProperty("error") String error,
        @JsonProperty("digest") String digest) {}
