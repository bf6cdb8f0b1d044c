package dev.vitrine.intake.idempotency;

/**
 * What an idempotency key stands for.
 *
 * @param fingerprint of the upload that came under it first
 * @param jobId the job that this upload is, or will be
 * @param outcome {@code queued} or {@code indexed} once it was accepted, empty before
 */
record Reservation(State state, String fingerprint, String jobId, String outcome) {

    /** How far the upload is that came first. */
    enum State {
        /** It is the caller's. */
        NEW,
        /** It is being worked on. */
        RUNNING,
        /** Nobody has worked on it for a while; whether it was accepted is not known here. */
        LEFT,
        /** It was accepted. */
        DONE
    }
}
