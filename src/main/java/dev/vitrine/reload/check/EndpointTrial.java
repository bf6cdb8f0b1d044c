package dev.vitrine.reload.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.util.URISupport;

/**
 * Makes the endpoints that steps name, with their consumers and producers, and starts none: finds values that a component
 * refuses by itself, whatever its description says.
 */
final class EndpointTrial {
    private static final Processor NOTHING = EndpointTrial::nothing;

    private final CamelContext context;
    private final Preconditions preconditions;
    private final Placeholders placeholders;
    private final Properties properties;

    EndpointTrial(CamelContext context, Preconditions preconditions, Placeholders placeholders, Properties properties) {
        this.context = context;
        this.preconditions = preconditions;
        this.placeholders = placeholders;
        this.properties = properties;
    }

    void check(Uses.Endpoint endpoint, Map<String, String> parameters, Findings findings) {
        String scheme = EndpointCheck.scheme(endpoint.uri());
        if (scheme.equals("kamelet") || !isKnown(endpoint, parameters) || !preconditions.hold(endpoint, parameters)) {
            return;
        }
        Endpoint made;
        try {
            made = context.getEndpoint(address(endpoint, scheme, parameters));
            ServiceHelper.initService(made);
        } catch (Exception e) {
            refused(endpoint, scheme, e, findings);
            return;
        }
        // What a site sets for a whole component is not here, and may be what it could not do without.
        if (properties.stringPropertyNames().stream().noneMatch(name -> name.startsWith("camel.component." + scheme))) {
            try {
                make(endpoint, made);
            } catch (Exception e) {
                refused(endpoint, scheme, e, findings);
            }
        }
    }

    private static void make(Uses.Endpoint endpoint, Endpoint made) throws Exception {
        if (!endpoint.consumes()) {
            made.createProducer();
        } else if (!(made instanceof GenericFileEndpoint)) { // which would make its folder
            made.createConsumer(NOTHING);
        }
    }

    private static void nothing(Exchange exchange) {}

    private boolean isKnown(Uses.Endpoint endpoint, Map<String, String> parameters) {
        boolean known = placeholders.isKnown(endpoint.uri(), parameters);
        boolean later = endpoint.uri().contains("${");
        for (YamlNode.Entry parameter : endpoint.parameters()) {
            String value = parameter.value().text();
            known &= placeholders.isKnown(value, parameters);
            later |= value.contains("${");
        }
        return known && !(endpoint.dynamic() && later) && !endpoint.uri().startsWith("$");
    }

    private String address(Uses.Endpoint endpoint, String scheme, Map<String, String> parameters) throws Exception {
        String uri = placeholders.fill(endpoint.uri(), parameters);
        if (endpoint.parameters().isEmpty()) {
            return uri;
        }
        Map<String, Object> options = new HashMap<>();
        endpoint.parameters()
                .forEach(option -> options.put(
                        option.key(), placeholders.fill(option.value().text(), parameters)));
        EndpointUriFactory factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
        if (!uri.contains(":") && factory != null && factory.isEnabled(scheme)) {
            return factory.buildUri(scheme, options);
        }
        return URISupport.appendParametersToURI(uri, options);
    }

    private static void refused(Uses.Endpoint endpoint, String scheme, Exception failure, Findings findings) {
        String why = CamelFault.innermost(failure);
        int line = endpoint.parameters().stream()
                .filter(parameter -> why.matches("(?s).*\\b" + parameter.key() + "\\b.*"))
                .mapToInt(YamlNode.Entry::line)
                .findFirst()
                .orElse(endpoint.line());
        findings.add(line, scheme + " refuses this: " + why);
    }
}
