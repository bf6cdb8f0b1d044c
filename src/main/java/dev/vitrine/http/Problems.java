package dev.vitrine.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.vitrine.http.ProblemException.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer that says what to do. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Method not allowed"),
            Map.entry(408, "Request timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Too large"),
            Map.entry(415, "Unsupported media type"),
            Map.entry(417, "Expectation failed"),
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

    private final Function<Exception, Optional<Problem>> parts;

    /** @param parts what the failures of the service's parts stand for; empty for one it does not know */
    public Problems(Function<Exception, Optional<Problem>> parts) {
        this.parts = parts;
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
        if (failure instanceof Refusal refusal) {
            return problem(refusal.status(), failure.getMessage(), List.of());
        }
        Optional<Problem> known = parts.apply(failure);
        if (known.isPresent()) {
            return known.get();
        }
        if (failure instanceof JsonProcessingException e) {
            return problem(400, "The body is not the JSON that is expected: " + e.getOriginalMessage(), List.of());
        }
        if (failure instanceof TimeoutException) {
            LOG.warn("A request took too long: {}", failure.toString());
            return problem(503, "The service took too long; ask again.", List.of());
        }
        if (failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof GenericFileOperationFailedException) {
            // Their messages name files and hosts, which are no business of a client's.
            LOG.warn("A request could not be served: {}", failure.toString());
            return problem(503, RouterErrors.DISK, List.of());
        }
        LOG.error("A request failed", failure);
        return problem(500, "The service failed on this request; its log says why.", List.of());
    }
}
