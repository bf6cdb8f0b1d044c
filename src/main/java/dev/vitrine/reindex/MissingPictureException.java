package dev.vitrine.reindex;

/** A picture cannot be had; the message says why, to be read after its name. */
public final class MissingPictureException extends Exception {
    private static final long serialVersionUID = 1;

    public MissingPictureException(String reason) {
        super(reason);
    }
}
