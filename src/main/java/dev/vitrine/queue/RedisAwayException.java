package dev.vitrine.queue;

/** Redis does not answer; it may later. */
public final class RedisAwayException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    RedisAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
