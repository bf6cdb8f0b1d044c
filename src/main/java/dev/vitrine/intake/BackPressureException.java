package dev.vitrine.intake;

import dev.vitrine.http.Refusal;

/** Nothing can be taken now, whatever it is; the same upload may be taken later. */
public final class BackPressureException extends RuntimeException implements Refusal {
    private static final long serialVersionUID = 1;

    /** What there is too much or too little of. */
    public enum Shortage {
        QUEUE_FULL,
        DISK_FULL
    }

    private final Shortage shortage;

    /** @param message says what is full, for the client and the operator */
    public BackPressureException(Shortage shortage, String message) {
        super(message);
        this.shortage = shortage;
    }

    public Shortage shortage() {
        return shortage;
    }

    @Override
    public int status() {
        return shortage == Shortage.QUEUE_FULL ? 429 : 503;
    }
}
