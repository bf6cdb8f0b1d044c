package dev.vitrine.index;

/** The index answers, and is not one that can be used; its operator has to do something about it. */
public final class UnfitIndexException extends IndexUnavailableException {
    private static final long serialVersionUID = 1;

    /** @param message says what is wrong with it and what to do */
    UnfitIndexException(String message) {
        super(message, null);
    }
}
