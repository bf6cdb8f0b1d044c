package dev.vitrine.watchdog;

/** A task did not end before its deadline and was given up; or too many are in that state for a further one to begin. */
public final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean begun;

    StuckException(String message, boolean begun) {
        super(message);
        this.begun = begun;
    }

    /** Whether it was this task that did not end; otherwise it was not begun and may be tried later. */
    public boolean isBegun() {
        return begun;
    }
}
