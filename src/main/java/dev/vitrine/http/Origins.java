package dev.vitrine.http;

import dev.vitrine.http.Problems.Problem;
import dev.vitrine.http.keys.LocalNames;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Keeps web pages of others out. A browser lets every page send requests to this machine, and a page whose name was made to
 * point here (DNS rebinding) may read the answers too. So a request must name a host that the service goes by, and must come
 * from no page, from one of the service's own, or from one of a listed origin; another may only link here. Programs send no
 * {@code Origin} and no {@code Sec-Fetch-Site}, and notice none of this.
 *
 * <p>Where each request needs a key, a page whose name was made to point here has none: any name will do there, unless names
 * are listed. So whoever puts a proxy in front and makes keys need not tell the service how it is called.
 */
final class Origins {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** What a browser, which no page can make lie here, says of requests of the service's own pages and of its user's. */
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private static final String HEALTH = "/observe/health";
    private static final String OBSERVE = "/observe";

    private final Set<String> listed = new TreeSet<>();
    private final String bound;
    private final Cors cors;
    private final BooleanSupplier keysInForce;

    /**
     * @param bound where the server listens
     * @param listed the names it goes by besides those of this machine
     * @param cors knows the origins that are listed
     * @param keysInForce whether each request needs a key
     */
    Origins(String bound, Collection<String> listed, Cors cors, BooleanSupplier keysInForce) {
        this.bound = LocalNames.host(bound.indexOf(':') >= 0 && !bound.startsWith("[") ? "[" + bound + "]" : bound);
        listed.forEach(name -> this.listed.add(name.toLowerCase(Locale.ROOT)));
        this.cors = cors;
        this.keysInForce = keysInForce;
    }

    /** Why a request is not served; empty where it is. */
    Optional<Problem> refusal(HttpServerRequest request) {
        if (isProbe(request.path())) {
            return Optional.empty();
        }
        String named = LocalNames.named(request);
        if (named != null && !goesBy(LocalNames.host(named))) {
            return refused("The service does not go by the name " + printable(LocalNames.host(named))
                    + "; list it in VITRINE_HTTP_HOSTS if it should.");
        }
        if (isOwn(request, named) || cors.isListed(request)) {
            return Optional.empty();
        }
        return refused("A page of another site may not do this; if it is yours, list its origin in"
                + " VITRINE_CORS_ORIGINS, such as https://shop.example.");
    }

    /** Load balancers ask by address, and so do collectors of metrics, which have a key where there are any. */
    private boolean isProbe(String path) {
        return path != null && (isBelow(path, HEALTH) || isBelow(path, OBSERVE) && keysInForce.getAsBoolean());
    }

    private boolean goesBy(String host) {
        return listed.isEmpty() && keysInForce.getAsBoolean()
                || LocalNames.isLocal(host)
                || host.equals(bound)
                || listed.contains(host);
    }

    private boolean isOwn(HttpServerRequest request, String named) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && OWN_SITE.contains(site.toLowerCase(Locale.ROOT))) {
            return true; // also where a proxy asks by another name than the browser
        }
        if (origin != null) {
            return isOwn(origin, named);
        }
        return site == null || READING.contains(request.method()) && isLink(request);
    }

    /** Whether somebody follows a link, so that no page sees the answer. */
    private static boolean isLink(HttpServerRequest request) {
        String destination = request.getHeader("Sec-Fetch-Dest");
        return "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && (destination == null || destination.equals("document"));
    }

    /** Another port of this machine is another's, as is another port of a listed name unless the request names it too. */
    private boolean isOwn(String origin, String named) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(named) || listed.contains(authority.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isBelow(String path, String area) {
        return path.equals(area) || path.startsWith(area + "/");
    }

    private static Optional<Problem> refused(String detail) {
        return Optional.of(Problems.problem(403, detail, List.of()));
    }

    private static String printable(String text) {
        return text.replaceAll("[^!-~]", "?");
    }
}
