package dev.vitrine.clip.install;

/** The connection was lost or the server is busy: another try may succeed. */
final class CutException extends Exception {
    private static final long serialVersionUID = 1;

    CutException(String message, Throwable cause) {
        super(message, cause);
    }
}
