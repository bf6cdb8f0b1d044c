package dev.vitrine.intake;

import dev.vitrine.http.Refusal;
import java.io.IOException;

/** A picture could not be fetched now, through no fault of its own; the same URL may be fetched later. */
public final class FetchException extends IOException implements Refusal {
    private static final long serialVersionUID = 1;

    public FetchException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int status() {
        return 503;
    }
}
