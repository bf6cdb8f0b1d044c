package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.vitrine.job.JobAttempt;
import dev.vitrine.job.JobState;
import java.util.List;

/**
 * A job and how each of its attempts ended.
 *
 * @param history the first attempt first; empty, and not in the JSON, where none has ended or no history is kept
 */
public record JobDetails(
        @JsonUnwrapped JobState job,
        @JsonProperty("history") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<JobAttempt> history) {}
