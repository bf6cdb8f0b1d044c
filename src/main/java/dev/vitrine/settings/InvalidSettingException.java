package dev.vitrine.settings;

/** A setting cannot be understood; the message names it and says what to write. */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public InvalidSettingException(String message) {
        super(message);
    }
}
