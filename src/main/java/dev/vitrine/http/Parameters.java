package dev.vitrine.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * The first step of a route of the API: says which query parameters its path takes. Camel makes headers of the query, the
 * path and the request's own headers alike, and of one name in several places a list. After this step a header under the
 * name of a parameter holds what came as this parameter and nothing else.
 */
public final class Parameters {
    private static final int MAX_PARAMETERS = 1_024;
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^/}]+)}");

    private final ParameterRules rules;

    /** @param rules for the values */
    public Parameters(ParameterRules rules) {
        this.rules = rules;
    }

    /** Takes any and looks at none: links to a page carry what others count visits by. */
    public void any() {
        // nothing is asked
    }

    /**
     * Refuses every query parameter.
     *
     * @throws ProblemException 400 naming all that were sent
     */
    public void none(Exchange exchange) {
        check(exchange, List.of());
    }

    /**
     * Refuses every query parameter but those given.
     *
     * @param names between spaces
     * @throws ProblemException 400 naming all that are unknown or were sent twice, and then those with a wrong value too
     */
    public void only(String names, Exchange exchange) {
        check(exchange, List.of(names.trim().split(" +")));
    }

    private void check(Exchange exchange, List<String> allowed) {
        if (!(exchange.getMessage() instanceof HttpMessage message)) {
            return; // called by another route than one of HTTP
        }
        FieldErrors errors = new FieldErrors();
        Map<String, String> values = new HashMap<>();
        // Not the request's own parameters: Vert.x adds those of the path to them.
        query(message.getRequest().uri()).forEach((name, sent) -> {
            if (!allowed.contains(name)) {
                unknown(name, allowed, errors);
            } else if (sent.size() > 1) {
                errors.doubled(name);
            } else {
                values.put(name, sent.get(0));
            }
        });
        if (!errors.isEmpty()) {
            rules.check(path(exchange), values, errors);
            errors.check();
        }
        Map<String, Object> headers = new HashMap<>(values);
        for (String name : pathParameters(exchange)) {
            headers.put(name, last(message.getHeader(name)));
        }
        allowed.forEach(message::removeHeader);
        headers.forEach(message::setHeader);
    }

    private static void unknown(String name, List<String> allowed, FieldErrors errors) {
        errors.unknown(
                name,
                "is no query parameter of this path",
                allowed,
                allowed.isEmpty()
                        ? "it takes none there; fields belong into the body"
                        : "it takes " + String.join(", ", allowed));
    }

    /** A semicolon is a character like any other, as it is for browsers. */
    private static Map<String, List<String>> query(String uri) {
        return new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true).parameters();
    }

    private static String path(Exchange exchange) {
        return exchange.getFromEndpoint() instanceof PlatformHttpEndpoint endpoint ? endpoint.getPath() : "";
    }

    private static List<String> pathParameters(Exchange exchange) {
        return PATH_PARAMETER
                .matcher(path(exchange))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** Camel adds the path's own value last. */
    private static Object last(Object header) {
        return header instanceof List<?> all ? all.get(all.size() - 1) : header;
    }
}
