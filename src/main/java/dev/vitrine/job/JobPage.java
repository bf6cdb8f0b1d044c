package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A page of jobs, newest first.
 *
 * @param nextCursor what to pass for the next page; null after the last one
 */
public record JobPage(@JsonProperty("jobs") List<JobState> jobs, @JsonProperty("next_cursor") String nextCursor) {}
