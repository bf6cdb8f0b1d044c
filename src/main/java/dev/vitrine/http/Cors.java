package dev.vitrine.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets pages of listed origins call the service from a browser, as the Fetch standard says. A page sends its key in a header:
 * cookies and passwords that a browser keeps are never asked for ({@code Access-Control-Allow-Credentials}).
 */
final class Cors {
    /** What a page may read of an answer beyond what every page may. */
    private static final String EXPOSED =
            "Location, Retry-After, Allow, WWW-Authenticate, Link, ETag, RateLimit, RateLimit-Policy";

    /** How long a browser need not ask again, seconds. */
    private static final String KEPT = "600";

    /** No guessing, no keeping, no framing, no showing in pages of others. */
    private static final Map<String, String> SAFE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Cache-Control", "no-store",
            "Content-Security-Policy", "frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy", "same-origin");

    private static final Pattern HEADERS = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z, -]{1,1000}");
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";

    private final Set<String> origins;

    /** @param origins as {@code scheme://host[:port]} */
    Cors(Collection<String> origins) {
        this.origins = origins.stream().map(Cors::normal).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a request comes from a page of a listed origin. */
    boolean isListed(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin != null && origins.contains(normal(origin));
    }

    /** Says in the answer what a browser may do with it, and whether the page that asks may read it. */
    void mark(HttpServerRequest request) {
        SAFE.forEach(request.response()::putHeader);
        if (origins.isEmpty()) {
            return;
        }
        HttpServerResponse response = request.response().putHeader("Vary", "Origin");
        if (isListed(request)) {
            response.putHeader("Access-Control-Allow-Origin", request.getHeader("Origin"))
                    .putHeader("Access-Control-Expose-Headers", EXPOSED);
        }
    }

    /** Whether a browser asks what a page may send. */
    boolean isPreflight(HttpServerRequest request) {
        return request.method() == HttpMethod.OPTIONS
                && request.headers().contains("Origin")
                && request.headers().contains(ASKED_METHOD);
    }

    /**
     * Answers the browser of a listed page.
     *
     * @param methods what the path takes; where there is nothing at it, the page shall see that itself
     */
    void allow(HttpServerRequest request, Set<String> methods) {
        Set<String> allowed = new TreeSet<>(methods);
        String method = request.getHeader(ASKED_METHOD);
        if (allowed.isEmpty() && method.matches("[A-Z]{1,20}")) {
            allowed.add(method);
        }
        HttpServerResponse response = request.response()
                .setStatusCode(204)
                .putHeader("Vary", "Origin, " + ASKED_METHOD + ", " + ASKED_HEADERS)
                .putHeader("Access-Control-Allow-Methods", String.join(", ", allowed))
                .putHeader("Access-Control-Max-Age", KEPT);
        String headers = request.getHeader(ASKED_HEADERS);
        if (headers != null && HEADERS.matcher(headers).matches()) {
            // A route of the site may take any; the operator trusts the page.
            response.putHeader("Access-Control-Allow-Headers", headers);
        }
        if ("true".equals(request.getHeader("Access-Control-Request-Private-Network"))) {
            response.putHeader("Access-Control-Allow-Private-Network", "true");
        }
        response.end();
    }

    /** As a browser writes it: in small letters, and without the port that goes without saying. */
    private static String normal(String origin) {
        String small = origin.toLowerCase(Locale.ROOT);
        String port = small.startsWith("https:") ? ":443" : ":80";
        return small.endsWith(port) ? small.substring(0, small.length() - port.length()) : small;
    }
}
