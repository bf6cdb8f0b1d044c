package dev.vitrine.http;

import java.util.function.UnaryOperator;

/** Ties what becomes of a request to the trace of its sender. */
@FunctionalInterface
public interface RequestTraces {
    /** No traces. */
    RequestTraces NONE = (method, route, headers) -> new Request() {};

    /**
     * Notes that the work for a request begins.
     *
     * @param route the path as the route has it
     * @param headers gives a header of the request, or null
     */
    Request begun(String method, String route, UnaryOperator<String> headers);

    /** The work for a request, until it is closed by the thread that began it. */
    interface Request extends AutoCloseable {
        /** Its trace; null where nothing is traced. */
        default String traceId() {
            return null;
        }

        /** What ties further work to it, as the W3C's header; null where nothing is traced. */
        default String traceparent() {
            return null;
        }

        /** Notes how it was answered. */
        default void answered(int status) {}

        @Override
        default void close() {}
    }
}
