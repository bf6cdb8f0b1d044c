package dev.vitrine.http;

import dev.vitrine.text.Suggestion;
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

    /**
     * Refuses every query parameter.
     *
     * @throws ProblemException 400 naming it
     */
    public void none(Exchange exchange) {
        check(exchange, List.of());
    }

    /**
     * Refuses every query parameter but those given.
     *
     * @param names between spaces
     * @throws ProblemException 400 naming the parameter that is unknown or was sent twice
     */
    public void only(String names, Exchange exchange) {
        check(exchange, List.of(names.trim().split(" +")));
    }

    private static void check(Exchange exchange, List<String> allowed) {
        if (!(exchange.getMessage() instanceof HttpMessage message)) {
            return; // called by another route than one of HTTP
        }
        Map<String, Object> values = new HashMap<>();
        // Not the request's own parameters: Vert.x adds those of the path to them.
        query(message.getRequest().uri()).forEach((name, sent) -> values.put(name, single(name, sent, allowed)));
        for (String name : pathParameters(exchange)) {
            values.put(name, last(message.getHeader(name)));
        }
        allowed.forEach(message::removeHeader);
        values.forEach(message::setHeader);
    }

    /** A semicolon is a character like any other, as it is for browsers. */
    private static Map<String, List<String>> query(String uri) {
        return new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true).parameters();
    }

    private static String single(String name, List<String> sent, List<String> allowed) {
        if (!allowed.contains(name)) {
            String next = allowed.isEmpty()
                    ? "it takes none there; fields belong into the body"
                    : "it takes " + String.join(", ", allowed);
            throw ProblemException.ofField(
                    400, name, "is no query parameter of this path" + Suggestion.or(name, allowed, next));
        }
        if (sent.size() > 1) {
            throw ProblemException.ofField(400, name, "was sent more than once");
        }
        return sent.get(0);
    }

    private static List<String> pathParameters(Exchange exchange) {
        return exchange.getFromEndpoint() instanceof PlatformHttpEndpoint endpoint
                ? PATH_PARAMETER
                        .matcher(endpoint.getPath())
                        .results()
                        .map(match -> match.group(1))
                        .toList()
                : List.of();
    }

    /** Camel adds the path's own value last. */
    private static Object last(Object header) {
        return header instanceof List<?> all ? all.get(all.size() - 1) : header;
    }
}
