package dev.vitrine.catalogue.read;

import java.io.IOException;

/** A catalogue that cannot be read; the message says what to do. */
public final class CatalogueException extends IOException {
    private static final long serialVersionUID = 1;

    public CatalogueException(String message) {
        super(message);
    }

    CatalogueException(String message, Throwable cause) {
        super(message, cause);
    }
}
