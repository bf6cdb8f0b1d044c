package dev.vitrine.http.keys;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Set;

/** The names by which a machine speaks of itself. */
public final class LocalNames {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private LocalNames() {}

    /** Whether a host, as {@link #host} gives it, is one of them. */
    public static boolean isLocal(String host) {
        return LOCAL.contains(host);
    }

    /**
     * The host, with its port, that a request asks; null where it names none. HTTP/2 has a field of its own for it, and the
     * header {@code Host} counts only where that is missing.
     */
    public static String named(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return request.getHeader("Host");
        }
        HostAndPort authority = request.authority();
        return authority == null ? null : authority.toString();
    }

    /** A host without its port, in small letters. */
    public static String host(String authority) {
        int port = authority.lastIndexOf(':');
        String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
        return host.toLowerCase(Locale.ROOT);
    }
}
