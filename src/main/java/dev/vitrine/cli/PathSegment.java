package dev.vitrine.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A piece of a URL's path. */
final class PathSegment {
    private PathSegment() {}

    /** Percent-encodes a text so that it is one segment (RFC 3986). */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
