package dev.vitrine.callbacks;

/** A receiver wants a webhook no more (410). */
public final class NotWantedException extends Exception {
    private static final long serialVersionUID = 1;

    NotWantedException(String message) {
        super(message);
    }
}
