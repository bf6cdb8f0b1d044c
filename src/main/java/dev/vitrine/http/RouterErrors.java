package dev.vitrine.http;

import io.vertx.core.file.FileSystemException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what the router refuses, and what fails before a route or beside one. */
final class RouterErrors {
    private static final Logger LOG = LoggerFactory.getLogger(RouterErrors.class);
    private static final int[] STATUSES = {400, 401, 403, 404, 405, 408, 413, 415, 417, 422, 429, 500, 503};

    static final String DISK = "The service cannot write to its disk; ask again later.";

    private static final Map<Integer, String> DETAILS = Map.of(
            400, "The request cannot be read: its path, its query or its body is malformed or cut off.",
            404, "There is nothing at this path.",
            405, "This path does not take this method; the header Allow says which it takes.",
            415, "This path does not take this media type.",
            417, "The request expects what the service cannot do.",
            503, DISK);

    private final ProblemWriter problems;
    private final Methods methods;

    RouterErrors(ProblemWriter problems, Methods methods) {
        this.problems = problems;
        this.methods = methods;
    }

    void serve(Router router) {
        for (int status : STATUSES) {
            router.errorHandler(status, context -> answer(context, status));
        }
    }

    private void answer(RoutingContext context, int status) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        Throwable failure = context.failure();
        if (failure instanceof ProblemException problem) {
            problems.write(response, Problems.problem(problem.status(), problem.getMessage(), problem.errors()));
            return;
        }
        if (failure instanceof IOException || failure instanceof FileSystemException) {
            problems.write(response, Problems.problem(503, DISK, List.of()));
            return;
        }
        if (status == 405) {
            response.putHeader(
                    "Allow", String.join(", ", methods.of(context.request().path())));
        }
        if (status == 500 && !(failure instanceof HttpClosedException)) {
            LOG.error("A request failed", failure);
        }
        String detail = DETAILS.getOrDefault(status, "The service failed on this request; its log says why.");
        problems.write(response, Problems.problem(status, detail, List.of()));
    }
}
