package dev.vitrine.catalogue.sync;

import java.io.IOException;

/** Another import to the same service is running. */
public final class BusyException extends IOException {
    private static final long serialVersionUID = 1;

    BusyException(String message, Throwable cause) {
        super(message, cause);
    }
}
