package dev.vitrine.callbacks;

import java.time.Duration;

/** A webhook was not taken; it is tried again. */
public final class UndeliveredException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Duration retryAfter;

    /** @param retryAfter what the receiver asked for; zero where it did not */
    UndeliveredException(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter == null ? Duration.ZERO : retryAfter;
    }
}
