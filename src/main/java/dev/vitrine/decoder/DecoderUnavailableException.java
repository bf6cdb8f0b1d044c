package dev.vitrine.decoder;

/** No decoder process can be had now, which is no picture's fault; the same picture may be tried later. */
public final class DecoderUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DecoderUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
