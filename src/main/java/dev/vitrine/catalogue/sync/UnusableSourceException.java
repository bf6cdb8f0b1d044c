package dev.vitrine.catalogue.sync;

import java.io.IOException;

/** A picture cannot be had; the message says why, to be read after its name. */
final class UnusableSourceException extends IOException {
    private static final long serialVersionUID = 1;

    UnusableSourceException(String reason) {
        super(reason);
    }
}
