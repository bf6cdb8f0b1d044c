package dev.vitrine.indexing;

/** The index is there and refuses what a job brings, and so it would at every further try. */
public final class RefusedByIndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedByIndexException(IllegalArgumentException cause) {
        super("The index does not take this product: " + cause.getMessage(), cause);
    }
}
