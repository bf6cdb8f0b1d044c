package dev.vitrine.web;

import java.io.IOException;

/** A picture could not be fetched now, through no fault of its own; the same URL may be fetched later. */
public final class FetchException extends IOException {
    private static final long serialVersionUID = 1;

    public FetchException(String message, Throwable cause) {
        super(message, cause);
    }
}
