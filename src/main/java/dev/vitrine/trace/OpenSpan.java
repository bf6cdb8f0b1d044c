package dev.vitrine.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** A span that is this thread's current one until it is closed. */
final class OpenSpan {
    private final Span span;
    private final Scope scope;

    OpenSpan(Span span) {
        this.span = span;
        // On nothing else that an earlier exchange may have left on this thread.
        this.scope = Context.root().with(span).makeCurrent();
    }

    Span span() {
        return span;
    }

    /** Null where the trace is not sampled and has no id. */
    String traceId() {
        return span.getSpanContext().isValid() ? span.getSpanContext().getTraceId() : null;
    }

    String traceparent() {
        return traceparent(span);
    }

    static String traceparent(Span span) {
        String[] written = new String[1];
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(span), written, (carrier, name, value) -> {
            if (name.equals("traceparent")) {
                carrier[0] = value;
            }
        });
        return written[0];
    }

    void end() {
        scope.close();
        span.end();
    }
}
