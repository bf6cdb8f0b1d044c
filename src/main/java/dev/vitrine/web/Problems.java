package dev.vitrine.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.CollectionIndexes.UnknownCollectionException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.ops.BackPressureException;
import dev.vitrine.watchdog.StuckException;
import dev.vitrine.web.ProblemException.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Turns what went wrong into an answer that says what to do. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Method not allowed"),
            Map.entry(408, "Request timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Too large"),
            Map.entry(415, "Unsupported media type"),
            Map.entry(422, "Unprocessable content"),
            Map.entry(429, "Too many requests"),
            Map.entry(500, "Internal error"),
            Map.entry(503, "Temporarily unavailable"));

    /** The body of an {@code application/problem+json} answer. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @JsonPropertyOrder({"type", "title", "status", "detail", "errors"})
    public record Problem(
            @JsonProperty("type") String type,
            @JsonProperty("title") String title,
            @JsonProperty("status") int status,
            @JsonProperty("detail") String detail,
            @JsonProperty("errors") List<FieldError> errors) {

        /** How long a client should wait before it asks again, in seconds; null where asking again is no use. */
        public Integer retryAfter() {
            return status == 503 || status == 429 ? RETRY_AFTER_SECONDS : null;
        }
    }

    /** A problem of the given status with the title that the status has everywhere. */
    public static Problem problem(int status, String detail, List<FieldError> errors) {
        return new Problem("about:blank", TITLES.getOrDefault(status, "Error"), status, detail, errors);
    }

    /** The problem that a failure stands for. */
    public Problem of(Exception failure) {
        if (failure instanceof ProblemException e) {
            return problem(e.status(), e.getMessage(), e.errors());
        }
        if (failure instanceof BackPressureException e) {
            return problem(
                    e.reason() == BackPressureException.Reason.QUEUE_FULL ? 429 : 503, e.getMessage(), List.of());
        }
        if (failure instanceof UnusablePictureException e) {
            int status =
                    switch (e.reason()) {
                        case EMPTY -> 400;
                        case UNSUPPORTED -> 415;
                        case TOO_LARGE -> 413;
                        case DAMAGED, TOO_COSTLY, UNEMBEDDABLE -> 422;
                    };
            return problem(status, e.getMessage(), List.of(new FieldError("image_file", e.getMessage())));
        }
        if (failure instanceof UnknownCollectionException) {
            return problem(404, failure.getMessage(), List.of());
        }
        if (failure instanceof JsonProcessingException e) {
            return problem(400, "The body is not the JSON that is expected: " + e.getOriginalMessage(), List.of());
        }
        if (failure instanceof IndexUnavailableException
                || failure instanceof TimeoutException
                || failure instanceof StuckException
                || failure instanceof FetchException) {
            return problem(503, failure.getMessage(), List.of());
        }
        if (failure instanceof DataAccessException) {
            return problem(503, "The job queue cannot be reached; ask again in a few seconds.", List.of());
        }
        if (failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof GenericFileOperationFailedException) {
            return problem(503, "The service cannot write to its disk: " + failure.getMessage(), List.of());
        }
        LOG.error("A request failed", failure);
        return problem(500, "The service failed on this request; its log says why.", List.of());
    }
}
