package dev.vitrine.store;

import java.io.IOException;
import java.io.UncheckedIOException;

/** An object store does not do what it is asked to; the message is for an operator. */
public final class ObjectStoreException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** It cannot be reached, or is too busy; another try may help. */
        AWAY,
        /** Its rules do not let this process do it. */
        FORBIDDEN,
        /** There is no such bucket. */
        NO_BUCKET,
        /** Its clock and this machine's differ too much. */
        CLOCK
    }

    private final Reason reason;

    /** @param message what happened and what to do */
    public ObjectStoreException(Reason reason, String message, Throwable cause) {
        super(message, new IOException(message, cause));
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
