package dev.vitrine.decoder;

/** As many searches by picture are being prepared, and wait for it, as the service takes on; ask again in a while. */
public final class TooManySearchesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManySearchesException() {
        super("Too many searches by picture at once; ask again in a few seconds.");
    }
}
