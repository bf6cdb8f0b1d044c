package dev.vitrine.callbacks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.job.JobState;

/**
 * A webhook that a receiver has not taken yet; its file holds exactly this.
 *
 * @param id the same at every try; has no full stop, as it is signed with one behind it
 * @param since when the job ended, ms since the epoch
 * @param job what the receiver is told
 */
@JsonIgnoreProperties(ignoreUnknown = true) // of a version before or after this one
public record OwedCallback(
        @JsonProperty("id") String id,
        @JsonProperty("url") String url,
        @JsonProperty("since") long since,
        @JsonProperty("job") JobState job) {

    /** What the receiver is told, once more is known of the job. */
    OwedCallback of(JobState known) {
        return new OwedCallback(id, url, since, known);
    }
}
