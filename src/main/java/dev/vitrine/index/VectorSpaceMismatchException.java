package dev.vitrine.index;

/** The index was filled by another model or other preprocessing; the message names both and the way out. */
public final class VectorSpaceMismatchException extends RuntimeException {
    public VectorSpaceMismatchException(String message) {
        super(message);
    }
}
