package dev.vitrine.reload.check;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultExchange;

/** Tells whether a route is made, of which its precondition decides. */
final class Preconditions {
    private final CamelContext context;
    private final Placeholders placeholders;

    Preconditions(CamelContext context, Placeholders placeholders) {
        this.context = context;
        this.placeholders = placeholders;
    }

    /** Whether the route of an endpoint is made; where that cannot be told, it is. */
    boolean hold(Uses.Endpoint endpoint, Map<String, String> parameters) {
        String precondition = endpoint.precondition();
        if (precondition.isEmpty() || !placeholders.isKnown(precondition, parameters)) {
            return true;
        }
        try {
            return context.resolveLanguage("simple")
                    .createPredicate(placeholders.fill(precondition, parameters))
                    .matches(new DefaultExchange(context));
        } catch (RuntimeException e) {
            return true;
        }
    }
}
