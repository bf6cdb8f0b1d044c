package dev.vitrine.index;

/** The index cannot be reached or cannot write now; the same call may succeed later. */
public class IndexUnavailableException extends RuntimeException {
    public IndexUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
