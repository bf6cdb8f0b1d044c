package dev.vitrine.http.keys;

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

    /** A host without its port, in small letters. */
    public static String host(String authority) {
        int port = authority.lastIndexOf(':');
        String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
        return host.toLowerCase(Locale.ROOT);
    }
}
