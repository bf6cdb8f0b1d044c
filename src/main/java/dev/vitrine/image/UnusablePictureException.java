package dev.vitrine.image;

/** The picture is at fault and no further try can help. The message tells the person who sent it what to do. */
public final class UnusablePictureException extends RuntimeException {

    /** What is wrong with a picture. */
    public enum Reason {
        /** No bytes at all. */
        EMPTY,
        /** Not a picture, or of a format that is not supported. */
        UNSUPPORTED,
        /** More pixels than allowed. */
        TOO_LARGE,
        /** A picture that is cut off or broken. */
        DAMAGED,
        /** Takes more work or memory to decode than the service spends on one picture. */
        TOO_COSTLY,
        /** Decodes, but the model gives no usable vector for it. */
        UNEMBEDDABLE
    }

    private final Reason reason;

    public UnusablePictureException(Reason reason, String message) {
        this(reason, message, null);
    }

    public UnusablePictureException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
