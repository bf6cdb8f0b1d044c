package dev.vitrine.queue;

/** Redis does not answer, or not to this service; it may later. */
public final class RedisAwayException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final boolean refused;

    /** @param refused whether it answers, and does not accept the user or the password */
    RedisAwayException(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether it answers, and does not accept the user or the password. */
    public boolean isRefused() {
        return refused;
    }
}
