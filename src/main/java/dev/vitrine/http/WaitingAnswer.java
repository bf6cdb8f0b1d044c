package dev.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextDecorator;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request whose client prefers to wait (RFC 7240, {@code Prefer: wait=SECONDS}). An answer that names a job is kept back
 * until that job has ended, and then says how; when the time is over it goes out as it was. The answers that name a job are
 * those of {@code GET /jobs/{job_id}}, and each 202 whose {@code Location} is a job.
 */
final class WaitingAnswer extends RoutingContextDecorator {
    private static final int LONGEST_SECONDS = 30;
    private static final Pattern WAIT =
            Pattern.compile("(?i)(?:^|.*,)\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?:[,;].*)?");
    private static final Pattern JOB = Pattern.compile("/jobs/([^/]+)");

    private final Waits waits;
    private final int seconds;

    private WaitingAnswer(RoutingContext request, Waits waits, int seconds) {
        super(request.currentRoute(), (RoutingContextInternal) request);
        this.waits = waits;
        this.seconds = seconds;
    }

    /** The request itself, unless its client prefers to wait. */
    static RoutingContext of(RoutingContext request, Waits waits) {
        OptionalInt seconds = seconds(request.request());
        return seconds.isPresent() ? new WaitingAnswer(request, waits, seconds.getAsInt()) : request;
    }

    /** How long the client prefers to wait, at most the longest; what cannot be read is no preference. */
    private static OptionalInt seconds(HttpServerRequest request) {
        for (String preference : request.headers().getAll("Prefer")) {
            Matcher wait = WAIT.matcher(preference);
            if (wait.matches()) {
                int seconds = Math.min(Integer.parseInt(wait.group(1)), LONGEST_SECONDS);
                return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public Future<Void> end(Buffer answer) {
        Promise<Void> sent = Promise.promise();
        Optional<String> job = job();
        boolean waiting = job.isPresent()
                && waits.enter(this, job.get(), Duration.ofSeconds(seconds), ended -> {
                    ended.ifPresent(state -> becomes(job.get(), state));
                    super.end(ended.map(Buffer::buffer).orElse(answer)).onComplete(sent);
                });
        if (!waiting) {
            return super.end(answer);
        }
        response().putHeader("Preference-Applied", "wait=" + seconds);
        return sent.future();
    }

    private void becomes(String job, byte[] state) {
        HttpServerResponse response = response();
        response.setStatusCode(200);
        response.headers().remove("Location");
        response.putHeader("Content-Location", "/jobs/" + job);
        response.putHeader("Content-Length", Integer.toString(state.length));
    }

    private Optional<String> job() {
        HttpServerResponse response = response();
        String path = response.getStatusCode() == 202
                ? response.headers().get("Location")
                : response.getStatusCode() == 200 && request().method() == HttpMethod.GET ? normalizedPath() : null;
        Matcher job = JOB.matcher(path == null ? "" : path);
        return job.matches() ? Optional.of(job.group(1)) : Optional.empty();
    }
}
