package dev.vitrine.http.outbound;

import io.vertx.core.MultiMap;
import java.util.Optional;

/** The head of an answer. */
public final class OutboundAnswer {
    private final int status;
    private final MultiMap headers;

    OutboundAnswer(int status, MultiMap headers) {
        this.status = status;
        this.headers = headers;
    }

    /** The status, as it came: redirects are not followed. */
    public int status() {
        return status;
    }

    /** The first header of this name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
