package dev.vitrine.http;

import dev.vitrine.http.Problems.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps web pages of others out. A browser lets every page send requests to this machine, and a page whose name was made to
 * point here (DNS rebinding) may read the answers too. So a request must name a host that the service goes by, and one that
 * changes something must come from no page or from one of the service's own. Programs send no {@code Origin}, and notice
 * none of this.
 */
final class Origins {
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> hosts = new TreeSet<>(HERE);
    private final boolean anyHost;

    /**
     * @param bound where the server listens; on an address that others reach it goes by any name unless names are listed
     * @param listed the names it goes by besides those of this machine
     */
    Origins(String bound, Collection<String> listed) {
        String host = host(bound.indexOf(':') >= 0 && !bound.startsWith("[") ? "[" + bound + "]" : bound);
        hosts.add(host);
        listed.forEach(name -> hosts.add(name.toLowerCase(Locale.ROOT)));
        this.anyHost = listed.isEmpty() && !HERE.contains(host) && !host.startsWith("127.");
    }

    /** Why a request is not served; empty where it is. */
    Optional<Problem> refusal(HttpServerRequest request) {
        String named = request.getHeader("Host");
        if (named != null && !anyHost && !hosts.contains(host(named))) {
            return refused("The service does not go by the name " + printable(host(named))
                    + "; list it in VITRINE_HTTP_HOSTS if it should.");
        }
        if (READING.contains(request.method())) {
            return Optional.empty();
        }
        String origin = request.getHeader("Origin");
        boolean foreign = origin == null
                ? "cross-site".equalsIgnoreCase(request.getHeader("Sec-Fetch-Site"))
                : !isOwn(origin, named);
        return foreign
                ? refused(
                        "A page of another site may not do this; if it is yours, list its host in VITRINE_HTTP_HOSTS.")
                : Optional.empty();
    }

    private boolean isOwn(String origin, String named) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(named)
                            || !HERE.contains(host(authority)) && hosts.contains(host(authority)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<Problem> refused(String detail) {
        return Optional.of(Problems.problem(403, detail, List.of()));
    }

    /** A host without its port. */
    private static String host(String authority) {
        int port = authority.lastIndexOf(':');
        String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
        return host.toLowerCase(Locale.ROOT);
    }

    private static String printable(String text) {
        return text.replaceAll("[^!-~]", "?");
    }
}
