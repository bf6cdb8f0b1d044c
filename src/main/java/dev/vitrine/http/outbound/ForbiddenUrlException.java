package dev.vitrine.http.outbound;

import java.util.Optional;

/** A URL that may not be asked; the message goes on after the URL: {@code is on a host that …}. */
public final class ForbiddenUrlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String url;

    ForbiddenUrlException(String what) {
        this(null, what);
    }

    ForbiddenUrlException(String url, String what) {
        super(what);
        this.url = url;
    }

    /** The URL, where it is another one than the caller's own, as after a redirect. */
    public Optional<String> url() {
        return Optional.ofNullable(url);
    }
}
