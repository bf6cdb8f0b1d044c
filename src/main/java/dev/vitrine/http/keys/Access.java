package dev.vitrine.http.keys;

import dev.vitrine.http.Caller;
import dev.vitrine.meter.BoundedNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpUtils;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says from a request's head whether it is let in. The rule, for every path there is, a site's own too:
 *
 * <ul>
 *   <li>{@code /observe/health} and the files of the pages need no key: there is nothing of the shop in them;
 *   <li>{@code OPTIONS} needs none;
 *   <li>{@code GET}, {@code HEAD}, and {@code POST} to {@code /search} and what is below it need the role
 *       {@code read}; {@code /observe/metrics} too, unless they are asked for from this machine;
 *   <li>{@code /keys}, {@code /collections}, {@code /export} and {@code /reindex} and what is below them need {@code admin};
 *   <li>everything else needs {@code write}.
 * </ul>
 */
public final class Access {
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final List<String> OPEN =
            List.of("/observe/health", "/docs", "/openapi.json", "/web", "/favicon.ico");
    private static final String METRICS = "/observe/metrics";
    private static final String SEARCH = "/search";
    private static final List<String> ADMINISTERED = List.of("/keys", "/collections", "/export", "/reindex");
    private static final String CALLER = Caller.class.getName();
    private static final String BEARER = "bearer ";

    /** So many names have a counter of their own. */
    private static final int MOST_COUNTED = 10;

    /**
     * How a request is decided on.
     *
     * @param caller who sent it, where that is known
     * @param status 0 where it is let in, otherwise 401 or 403
     * @param detail why it is not, for the client
     */
    public record Decision(Caller caller, int status, String detail) {
        /** Whether the request is let in. */
        public boolean isLetIn() {
            return status == 0;
        }
    }

    private final Keys keys;
    private final String mainCollection;
    private final MeterRegistry meters;
    private final BoundedNames counted = new BoundedNames(MOST_COUNTED);

    /** @param mainCollection what the API's own paths touch unless a key says otherwise */
    public Access(Keys keys, String mainCollection, MeterRegistry meters) {
        this.keys = keys;
        this.mainCollection = mainCollection;
        this.meters = meters;
        for (String reason : List.of("missing", "unknown", "expired", "role")) {
            refused(reason);
        }
    }

    /** Decides on a request, and counts it. */
    public Decision decide(HttpServerRequest request) {
        if (!keys.areInForce()) {
            return letIn(Caller.ANONYMOUS);
        }
        Optional<Role> needed = needed(request);
        String shown = shown(request);
        if (shown == null) {
            return needed.isEmpty()
                    ? letIn(new Caller("anonymous", Role.READ, List.of()))
                    : unauthorized(
                            "missing",
                            "This needs a key with the role " + needed.get().word()
                                    + ": send it as Authorization: Bearer KEY, or as X-API-Key");
        }
        Keys.Found found = keys.find(shown);
        if (found == null) {
            return unauthorized("unknown", "The key is not known here; it was revoked, or is another service's");
        }
        if (found.expired()) {
            return unauthorized(
                    "expired",
                    "The key of " + found.key().name() + " expired at "
                            + found.key().expires() + "; ask for a new one");
        }
        Caller caller = found.caller();
        uses(caller.name()).increment();
        if (needed.isPresent() && !caller.role().covers(needed.get())) {
            refused("role").increment();
            return new Decision(
                    caller,
                    403,
                    "The key of " + caller.name() + " has the role "
                            + caller.role().word() + "; this needs the role "
                            + needed.get().word() + ".");
        }
        return letIn(caller);
    }

    /** Keeps with a request who sent it: what was decided of its head holds until its end, whatever becomes of the key. */
    public void introduce(HttpServerRequest request, Caller caller) {
        ((HttpServerRequestInternal) request).context().putLocal(CALLER, caller);
    }

    /** Whether a request that was let in, and is not answered yet, still would be; counts nothing. */
    public boolean isStillLetIn(HttpServerRequest request) {
        String shown = shown(request);
        Keys.Found found = shown == null ? null : keys.find(shown);
        return !keys.areInForce() || found != null && !found.expired();
    }

    /** Who sent a request that was let in. */
    public Caller caller(HttpServerRequest request) {
        return ((HttpServerRequestInternal) request).context().getLocal(CALLER);
    }

    /** Whether a key is needed, so that headers of requests may hold one. */
    public boolean areKeysInForce() {
        return keys.areInForce();
    }

    /** The collection that a caller's requests touch unless a route says otherwise; null for the main one and all. */
    public String collection(Caller caller) {
        return caller.collections().isEmpty()
                ? null
                : caller.mayTouch(mainCollection)
                        ? mainCollection
                        : caller.collections().get(0);
    }

    private static Optional<Role> needed(HttpServerRequest request) {
        if (request.method() == HttpMethod.OPTIONS) {
            return Optional.empty(); // a browser asks without the key that it would send
        }
        // As the router sees it: what is below /web and leads out of it is not below /web.
        String path = request.path() == null ? "/" : HttpUtils.normalizePath(request.path());
        if (path.equals("/") || OPEN.stream().anyMatch(open -> isBelow(path, open))) {
            return LOOKING.contains(request.method()) ? Optional.empty() : Optional.of(Role.WRITE);
        }
        if (isBelow(path, METRICS) && isFromHere(request)) {
            return Optional.empty();
        }
        if (ADMINISTERED.stream().anyMatch(area -> isBelow(path, area))) {
            return Optional.of(Role.ADMIN);
        }
        boolean looks =
                LOOKING.contains(request.method()) || request.method() == HttpMethod.POST && isBelow(path, SEARCH);
        return Optional.of(looks ? Role.READ : Role.WRITE);
    }

    /** What a proxy on this machine passes on comes from elsewhere, and so does a page whose name was made to point here. */
    private static boolean isFromHere(HttpServerRequest request) {
        String host = LocalNames.named(request);
        if (request.headers().contains("X-Forwarded-For")
                || request.headers().contains("Forwarded")
                || host != null && !LocalNames.isLocal(LocalNames.host(host))) {
            return false;
        }
        try {
            return request.remoteAddress() != null
                    && request.remoteAddress().hostAddress() != null
                    && InetAddress.getByName(request.remoteAddress().hostAddress())
                            .isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String shown(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        String key = request.getHeader("X-API-Key");
        return key == null ? null : key.strip();
    }

    private static boolean isBelow(String path, String area) {
        return path.equals(area) || path.startsWith(area + "/");
    }

    private static Decision letIn(Caller caller) {
        return new Decision(caller, 0, null);
    }

    private Decision unauthorized(String reason, String detail) {
        refused(reason).increment();
        return new Decision(null, 401, detail + ".");
    }

    private Counter uses(String name) {
        return Counter.builder("vitrine.key.uses")
                .description("Requests by the name of their key; the 11th name and further ones are other")
                .tag("key", counted.of(name))
                .register(meters);
    }

    private Counter refused(String reason) {
        return Counter.builder("vitrine.key.refused")
                .description("Requests that were not let in")
                .tag("reason", reason)
                .register(meters);
    }
}
