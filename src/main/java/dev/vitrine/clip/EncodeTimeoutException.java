package dev.vitrine.clip;

/** No vector came before the deadline: too much work waits, or a run hangs. */
public final class EncodeTimeoutException extends EncodingException {

    public EncodeTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
