package dev.vitrine.clip.install;

/** A model could not be installed. The message is one line that says what to do. */
public final class InstallException extends RuntimeException {

    public InstallException(String message) {
        super(message);
    }

    public InstallException(String message, Throwable cause) {
        super(message, cause);
    }
}
