package dev.vitrine.index;

/** A filter asks for fields that the index would have to look for in every point, of which there are many. */
public final class UnindexedFilterException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message names the fields and says what to set; to be read after the filter's name */
    UnindexedFilterException(String message) {
        super(message);
    }
}
