package dev.vitrine.trace;

import dev.vitrine.http.RequestTraces;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Spans of requests by OpenTelemetry's conventions for HTTP servers. */
final class RequestSpans implements RequestTraces {
    private static final int SERVER_ERROR = 500;
    private static final TextMapGetter<UnaryOperator<String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(UnaryOperator<String> headers) {
            return List.of("traceparent", "tracestate", "baggage");
        }

        @Override
        public String get(UnaryOperator<String> headers, String key) {
            return headers == null ? null : headers.apply(key);
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    RequestSpans(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Request begun(String method, String route, UnaryOperator<String> headers) {
        OpenSpan span = new OpenSpan(tracer.spanBuilder(method + " " + route)
                .setParent(propagator.extract(Context.root(), headers, HEADERS))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .setAttribute("http.route", route)
                .startSpan());
        return new Request() {
            @Override
            public String traceId() {
                return span.traceId();
            }

            @Override
            public String traceparent() {
                return span.traceparent();
            }

            @Override
            public void answered(int status) {
                span.span().setAttribute("http.response.status_code", (long) status);
                if (status >= SERVER_ERROR) {
                    span.span().setStatus(StatusCode.ERROR);
                }
            }

            @Override
            public void close() {
                span.end();
            }
        };
    }
}
