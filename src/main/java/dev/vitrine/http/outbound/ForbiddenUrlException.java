package dev.vitrine.http.outbound;

/** A URL that may not be asked; the message goes on after the URL: {@code is on a host that …}. */
public final class ForbiddenUrlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForbiddenUrlException(String what) {
        super(what);
    }
}
