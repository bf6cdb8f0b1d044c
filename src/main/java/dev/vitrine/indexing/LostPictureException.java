package dev.vitrine.indexing;

/** A job was taken whose picture is neither in the spool nor in the index; no further try can help. */
public final class LostPictureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LostPictureException(String message) {
        super(message);
    }
}
