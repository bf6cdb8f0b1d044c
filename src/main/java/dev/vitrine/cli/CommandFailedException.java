package dev.vitrine.cli;

/** A command cannot do what it was asked; its message is the one line that the user sees. */
final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailedException(String message) {
        super(message);
    }
}
