package dev.vitrine.trace;

import dev.vitrine.job.FailureKind;
import dev.vitrine.job.JobTraces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;

/**
 * Spans of jobs by OpenTelemetry's conventions for messaging: {@code create} where the job is made, {@code process} around
 * each attempt.
 */
final class JobSpans implements JobTraces {
    private static final String QUEUE = "vitrine";
    private static final TextMapGetter<String> TRACEPARENT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return Collections.singleton("traceparent");
        }

        @Override
        public String get(String carrier, String key) {
            return key.equals("traceparent") ? carrier : null;
        }
    };

    private final Tracer tracer;
    private final Function<String, Optional<String>> traceparents;

    /** @param traceparents gives what {@link #created} said, by the job's id */
    JobSpans(Tracer tracer, Function<String, Optional<String>> traceparents) {
        this.tracer = tracer;
        this.traceparents = traceparents;
    }

    @Override
    public String created(String jobId) {
        Span span = span("create", jobId).setSpanKind(SpanKind.PRODUCER).startSpan();
        try {
            return OpenSpan.traceparent(span);
        } finally {
            span.end();
        }
    }

    @Override
    public Attempt begun(String jobId, int attempt) {
        Optional<String> traceparent = traceparents.apply(jobId);
        Context upload = traceparent
                .map(header -> W3CTraceContextPropagator.getInstance().extract(Context.root(), header, TRACEPARENT))
                .orElse(Context.root());
        SpanBuilder builder = span("process", jobId)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("vitrine.job.attempt", (long) attempt);
        if (attempt > 1) {
            builder.setNoParent().addLink(Span.fromContext(upload).getSpanContext());
        } else {
            builder.setParent(upload);
        }
        return new OpenAttempt(new OpenSpan(builder.startSpan()));
    }

    private SpanBuilder span(String operation, String jobId) {
        return tracer.spanBuilder(operation + " " + QUEUE)
                .setAttribute("messaging.system", "redis")
                .setAttribute("messaging.destination.name", QUEUE)
                .setAttribute("messaging.operation.name", operation)
                .setAttribute("messaging.operation.type", operation)
                .setAttribute("messaging.message.id", jobId);
    }

    private record OpenAttempt(OpenSpan open) implements Attempt {

        @Override
        public String traceId() {
            return open.traceId();
        }

        @Override
        public String traceparent() {
            return open.traceparent();
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            open.span().setAttribute("error.type", kind.label()).setStatus(StatusCode.ERROR, reason);
        }

        @Override
        public void close() {
            open.end();
        }
    }
}
