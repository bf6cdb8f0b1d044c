package dev.vitrine.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.Problems.Problem;
import io.vertx.core.http.HttpServerResponse;

/** Answers with a problem what no route has answered. */
final class ProblemWriter {
    private final ObjectMapper json = new ObjectMapper();

    /** Writes the answer, unless there is one already or nobody to read it. */
    void write(HttpServerResponse response, Problem problem) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (problem.retryAfter() != null && !response.headers().contains("Retry-After")) {
            response.putHeader("Retry-After", problem.retryAfter().toString());
        }
        try {
            response.setStatusCode(problem.status())
                    .putHeader("Content-Type", "application/problem+json")
                    .end(json.writeValueAsString(problem) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem cannot be written as JSON", e);
        }
    }
}
