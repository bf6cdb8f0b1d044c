package dev.vitrine.clip;

/** A model is missing, incomplete or not of a kind that Vitrine can run. The message says what to do. */
public final class ModelException extends RuntimeException {

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
