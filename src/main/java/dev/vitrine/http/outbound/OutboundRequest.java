package dev.vitrine.http.outbound;

import java.net.URI;
import java.util.Map;

/**
 * What is asked.
 *
 * @param method {@code GET} or {@code POST}
 * @param headers beside those that say where it goes and how long it is
 * @param body may be empty
 */
public record OutboundRequest(String method, URI uri, Map<String, String> headers, byte[] body) {

    /** Asks for a file. */
    public static OutboundRequest get(URI uri, Map<String, String> headers) {
        return new OutboundRequest("GET", uri, headers, new byte[0]);
    }

    /** Brings something. */
    public static OutboundRequest post(URI uri, Map<String, String> headers, byte[] body) {
        return new OutboundRequest("POST", uri, headers, body);
    }
}
