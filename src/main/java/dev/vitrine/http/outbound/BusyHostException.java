package dev.vitrine.http.outbound;

import java.io.IOException;

/** So much is being asked of a host already that no turn came in time. */
public final class BusyHostException extends IOException {
    private static final long serialVersionUID = 1;

    BusyHostException(String message) {
        super(message);
    }
}
