package dev.vitrine.reload.check;

import dev.vitrine.text.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;

/** Checks the addresses and options of endpoints against Camel's catalogue, without making one. */
final class EndpointCheck {
    private static final String OWN = "job-queue";

    private final CamelContext context;
    private final Preconditions preconditions;
    private final Placeholders placeholders;
    private final CamelCatalog catalog = new DefaultCamelCatalog(true);

    EndpointCheck(CamelContext context, Preconditions preconditions, Placeholders placeholders) {
        this.context = context;
        this.preconditions = preconditions;
        this.placeholders = placeholders;
        try (InputStream in = EndpointCheck.class.getResourceAsStream("/META-INF/dev/vitrine/queue/" + OWN + ".json")) {
            catalog.addComponent(
                    OWN, "dev.vitrine.queue.JobQueueComponent", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("The description of the component " + OWN + " cannot be read", e);
        }
    }

    void check(Uses.Endpoint endpoint, Map<String, String> parameters, Findings findings) {
        String uri = placeholders.fill(endpoint.uri(), parameters);
        if (uri.startsWith("$") || uri.equals("x")) {
            return; // the scheme itself is decided while the route runs
        }
        String scheme = scheme(uri);
        if (scheme.equals("kamelet")) {
            return;
        }
        ComponentModel model = catalog.componentModel(scheme);
        if (model == null) {
            if (!isInstalled(scheme)) {
                Set<String> names = new TreeSet<>(catalog.findComponentNames());
                findings.add(
                        endpoint.line(), "there is no component \"" + scheme + "\"" + Suggestion.of(scheme, names));
            }
            return;
        }
        if (!isInstalled(scheme) && preconditions.hold(endpoint, parameters)) {
            findings.add(
                    endpoint.line(),
                    "the component \"" + scheme + "\" is not installed; run: ./vitrine component add " + scheme);
        }
        if (endpoint.consumes() && model.isProducerOnly()) {
            findings.add(endpoint.line(), "a route cannot begin at \"" + scheme + "\"; it can only be sent to");
        } else if (!endpoint.consumes() && model.isConsumerOnly()) {
            findings.add(endpoint.line(), "nothing can be sent to \"" + scheme + "\"; a route can only begin at it");
        }
        options(endpoint, uri, scheme, parameters, findings);
    }

    private void options(
            Uses.Endpoint endpoint, String uri, String scheme, Map<String, String> parameters, Findings findings) {
        if (uri.contains("?") && !endpoint.parameters().isEmpty()) {
            findings.add(
                    endpoint.line(), "options stand in the uri and under \"parameters\"; move all to \"parameters\"");
            return;
        }
        Map<String, Integer> lines = new LinkedHashMap<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (YamlNode.Entry parameter : endpoint.parameters()) {
            lines.put(parameter.key(), parameter.line());
            String value = parameter.value().text();
            boolean known = placeholders.isKnown(value, parameters) && !(endpoint.dynamic() && value.contains("${"));
            values.put(parameter.key(), known ? placeholders.fill(value, parameters) : "{{later}}");
        }
        boolean whole = uri.contains(":");
        if (!whole && !hasPath(endpoint, scheme, findings)) {
            return;
        }
        EndpointValidationResult result;
        try {
            if (whole) {
                values.putAll(catalog.endpointProperties(uri));
            }
            String address = catalog.asEndpointUri(scheme, values, true);
            result = catalog.validateEndpointProperties(address, false, endpoint.consumes(), !endpoint.consumes());
        } catch (URISyntaxException | IllegalArgumentException e) {
            findings.add(
                    endpoint.line(), "\"" + endpoint.uri() + "\" is no address of " + scheme + ": " + e.getMessage());
            return;
        }
        report(endpoint.line(), lines, scheme, uri.length() > scheme.length() + 1, result, findings);
    }

    /** Whether the parameters have what the address cannot be made without; Camel's catalogue gives up where not. */
    private boolean hasPath(Uses.Endpoint endpoint, String scheme, Findings findings) {
        Set<String> given = new TreeSet<>();
        endpoint.parameters().forEach(parameter -> given.add(parameter.key()));
        List<String> known = options(scheme);
        List<String> missing = catalog.componentModel(scheme).getEndpointPathOptions().stream()
                .filter(path -> path.isRequired() && !given.contains(path.getName()))
                .map(BaseOptionModel::getName)
                .toList();
        if (missing.isEmpty()) {
            return true;
        }
        boolean said = false;
        for (YamlNode.Entry parameter : endpoint.parameters()) {
            if (!known.contains(parameter.key())) {
                String suggestion = Suggestion.of(parameter.key(), missing);
                said |= !suggestion.isEmpty();
                findings.add(
                        parameter.line(),
                        scheme + " has no option \"" + parameter.key() + "\""
                                + (suggestion.isEmpty() ? Suggestion.of(parameter.key(), known) : suggestion));
            }
        }
        if (!said) {
            findings.add(
                    endpoint.line(),
                    scheme + " needs the option \"" + missing.get(0) + "\" under \"parameters\", or behind \"" + scheme
                            + ":\" in the uri");
        }
        return false;
    }

    private void report(
            int line,
            Map<String, Integer> lines,
            String scheme,
            boolean hasPath,
            EndpointValidationResult result,
            Findings findings) {
        if (result.getSyntaxError() != null) {
            findings.add(line, "the address is malformed: " + result.getSyntaxError());
        }
        for (String name : some(result.getUnknown())) {
            findings.add(
                    lines.getOrDefault(name, line),
                    scheme + " has no option \"" + name + "\"" + Suggestion.of(name, options(scheme)));
        }
        for (String name : some(result.getRequired())) {
            if (hasPath && isPath(scheme, name)) {
                continue; // several components do with less of a path than they describe
            }
            findings.add(line, scheme + " needs the option \"" + name + "\"");
        }
        for (String name : some(result.getNotConsumerOnly())) {
            findings.add(
                    lines.getOrDefault(name, line),
                    "the option \"" + name + "\" of " + scheme
                            + " is for sending to it; a route that begins there has none");
        }
        for (String name : some(result.getNotProducerOnly())) {
            findings.add(
                    lines.getOrDefault(name, line),
                    "the option \"" + name + "\" of " + scheme + " is for routes that begin there; remove it");
        }
        some(result.getInvalidEnum()).forEach((name, value) -> {
            List<String> choices = List.of(result.getInvalidEnumChoices().getOrDefault(name, new String[0]));
            findings.add(
                    lines.getOrDefault(name, line),
                    "\"" + name + "\" of " + scheme + " cannot be \"" + value + "\""
                            + Suggestion.or(value, choices, "possible are " + String.join(", ", choices)));
        });
        Map<String, Map<String, String>> typed = new LinkedHashMap<>();
        typed.put("true or false", some(result.getInvalidBoolean()));
        typed.put("a whole number", some(result.getInvalidInteger()));
        typed.put("a number", some(result.getInvalidNumber()));
        typed.put("a time such as 500 or 10s", some(result.getInvalidDuration()));
        typed.forEach((wanted, invalid) -> invalid.forEach((name, value) -> findings.add(
                lines.getOrDefault(name, line),
                "\"" + name + "\" of " + scheme + " must be " + wanted + ", not \"" + value + "\"")));
    }

    private boolean isPath(String scheme, String option) {
        return catalog.componentModel(scheme).getEndpointPathOptions().stream()
                .anyMatch(path -> path.getName().equals(option));
    }

    private List<String> options(String scheme) {
        ComponentModel model = catalog.componentModel(scheme);
        List<String> names = new ArrayList<>();
        model.getEndpointOptions().forEach(option -> names.add(option.getName()));
        return names;
    }

    private boolean isInstalled(String scheme) {
        return context.getRegistry().lookupByNameAndType(scheme, Component.class) != null
                || context.getClassResolver()
                                .loadResourceAsURL("META-INF/services/org/apache/camel/component/" + scheme)
                        != null;
    }

    static String scheme(String uri) {
        int end = uri.indexOf(':');
        String scheme = end < 0 ? uri : uri.substring(0, end);
        int options = scheme.indexOf('?');
        return options < 0 ? scheme : scheme.substring(0, options);
    }

    private static <T> Set<T> some(Set<T> set) {
        return set == null ? Set.of() : set;
    }

    private static Map<String, String> some(Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
