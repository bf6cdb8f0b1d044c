package dev.vitrine.job;

/** Ties what becomes of a job to the trace of its upload. */
public interface JobTraces {
    /** No traces. */
    JobTraces NONE = new JobTraces() {
        private final Attempt attempt = new Attempt() {};

        @Override
        public String created(String jobId) {
            return null;
        }

        @Override
        public Attempt begun(String jobId, int attempt) {
            return this.attempt;
        }
    };

    /**
     * Notes that a job was made, in the trace that this thread is in.
     *
     * @return what ties the work on it to that trace, as the W3C's header {@code traceparent}; null where nothing is traced
     */
    String created(String jobId);

    /**
     * Notes that an attempt begins: the first is part of the upload's trace, a further one has a trace of its own with a link
     * to it.
     *
     * @param attempt 1 for the first
     */
    Attempt begun(String jobId, int attempt);

    /** An attempt at a job, until it is closed by the thread that began it. */
    interface Attempt extends AutoCloseable {
        /** Its trace; null where nothing is traced. */
        default String traceId() {
            return null;
        }

        /** What ties further work to it, as the W3C's header; null where nothing is traced. */
        default String traceparent() {
            return null;
        }

        /** Notes that it failed. */
        default void failed(FailureKind kind, String reason) {}

        @Override
        default void close() {}
    }
}
