package dev.vitrine.http.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/**
 * Where a request goes.
 *
 * @param uri what is asked
 * @param addresses those of its host that were checked; only these may be connected to
 */
record Destination(URI uri, List<InetAddress> addresses) {
    boolean isTls() {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    int port() {
        return uri.getPort() > 0 ? uri.getPort() : isTls() ? 443 : 80;
    }
}
