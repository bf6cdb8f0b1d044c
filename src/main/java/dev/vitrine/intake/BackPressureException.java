package dev.vitrine.intake;

import dev.vitrine.http.Refusal;

/** Nothing can be taken now, whatever it is; the same upload may be taken later. */
public final class BackPressureException extends RuntimeException implements Refusal {
    private static final long serialVersionUID = 1;

    /** What there is too much or too little of. */
    public enum Reason {
        QUEUE_FULL,
        DISK_FULL
    }

    private final Reason reason;

    /** @param message says what is full, for the client and the operator */
    public BackPressureException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public int status() {
        return reason == Reason.QUEUE_FULL ? 429 : 503;
    }
}
