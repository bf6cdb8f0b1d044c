package dev.vitrine.reload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Whether the routes that run are those in the files.
 *
 * @param status {@code current}; {@code refused}: the files have problems and the routes of before run; {@code waiting}:
 *     the files are good and requests under way must end first; {@code broken}: some routes do not run, and are started
 *     again until they do; {@code fixed}: files are not looked at
 * @param changedAt when routes were last exchanged, RFC 3339; null when never since the start
 * @param problems what to change
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteState(
        @JsonProperty("status") String status,
        @JsonProperty("changed_at") String changedAt,
        @JsonProperty("problems") List<Problem> problems) {

    /** What is wrong at a line of a file; line 0 where it is not one line's fault. */
    public record Problem(
            @JsonProperty("file") String file,
            @JsonProperty("line") int line,
            @JsonProperty("message") String message) {

        @Override
        public String toString() {
            return file + ":" + (line > 0 ? line + ":" : "") + " " + message;
        }
    }

    /** Of a service that does not look at its route files. */
    public static RouteState fixed() {
        return new RouteState("fixed", null, List.of());
    }
}
