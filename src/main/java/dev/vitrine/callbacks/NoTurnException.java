package dev.vitrine.callbacks;

/** The receiver of a webhook gets enough just now; it was not asked. */
public final class NoTurnException extends Exception {
    private static final long serialVersionUID = 1;

    private final long delayMillis;

    NoTurnException(long delayMillis) {
        super("another webhook has the turn");
        this.delayMillis = delayMillis;
    }

    /** In how many ms a turn is likely. */
    public long getDelayMillis() {
        return delayMillis;
    }
}
