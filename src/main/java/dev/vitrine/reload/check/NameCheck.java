package dev.vitrine.reload.check;

import dev.vitrine.text.Suggestion;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks the names by which files refer to each other: routes, route configurations, templates, Kamelets. */
final class NameCheck {
    private static final Set<String> CALLED_BY_NAME = Set.of("direct", "seda");

    private final Map<RouteFile, Uses> uses;
    private final Placeholders placeholders;
    private final Map<String, RouteFile.Template> templates = new LinkedHashMap<>();
    private final Set<String> configurations = new TreeSet<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, Set<String>> begins = new LinkedHashMap<>();
    private final Set<String> begun = new HashSet<>();

    NameCheck(List<RouteFile> files, Map<RouteFile, Uses> uses, Placeholders placeholders) {
        this.uses = uses;
        this.placeholders = placeholders;
        for (RouteFile file : files) {
            file.templates().forEach(template -> templates.put(template.id(), template));
            file.configurations().forEach(configuration -> configurations.add(configuration.id()));
            for (Uses.Endpoint endpoint : uses.get(file).endpoints()) {
                if (endpoint.consumes()) {
                    name(file, endpoint).ifPresent(name -> begins.computeIfAbsent(
                                    EndpointCheck.scheme(endpoint.uri()), scheme -> new TreeSet<>())
                            .add(name));
                }
            }
        }
    }

    /** Checks one file; duplicates are told of the later one. */
    void check(RouteFile file, Findings findings) {
        Uses use = uses.get(file);
        for (Uses.Name id :
                file.source().isKamelet() ? List.<Uses.Name>of() : use.ids()) { // each use of one has its own
            String where = file.path().getFileName() + ":" + id.line();
            String other = ids.putIfAbsent(id.name(), where);
            if (other != null) {
                findings.add(
                        id.line(), "the id \"" + id.name() + "\" is already taken at " + other + "; choose another");
            }
        }
        for (Uses.Endpoint endpoint : use.endpoints()) {
            endpoint(file, endpoint, findings);
        }
        for (Uses.Name name : use.names()) {
            if (name.kind().equals("routeConfiguration")
                    && !name.name().contains("*")
                    && !name.name().contains("{{")
                    && !configurations.contains(name.name())) {
                findings.add(
                        name.line(),
                        "there is no routeConfiguration \"" + name.name() + "\"" + near(name.name(), configurations));
            }
        }
        for (Uses.FromTemplate made : use.templates()) {
            template(made, findings);
        }
    }

    private void endpoint(RouteFile file, Uses.Endpoint endpoint, Findings findings) {
        String scheme = EndpointCheck.scheme(endpoint.uri());
        if (scheme.equals("kamelet") && endpoint.uri().contains(":")) {
            String path = endpoint.uri().substring("kamelet:".length());
            int end = path.indexOf('?');
            String name = (end < 0 ? path : path.substring(0, end)).replaceFirst("/.*", "");
            if (!Set.of("source", "sink").contains(name) && !name.contains("{")) {
                template(
                        new Uses.FromTemplate(name, endpoint.line(), end < 0 ? endpoint.parameters() : null, "kamelet"),
                        findings);
            }
            return;
        }
        Optional<String> name = name(file, endpoint);
        if (name.isEmpty()) {
            return;
        }
        String label = scheme + ":" + name.get();
        if (endpoint.consumes()) {
            if (scheme.equals("direct") && !begun.add(label)) {
                findings.add(endpoint.line(), "another route already begins at " + label + "; choose another name");
            }
        } else if (!endpoint.dynamic() || !endpoint.uri().contains("${")) {
            Set<String> known = begins.getOrDefault(scheme, Set.of());
            if (!known.contains(name.get())) {
                findings.add(
                        endpoint.line(),
                        "no route begins at " + label + Suggestion.or(name.get(), known, "add a route from " + label));
            }
        }
    }

    /** The name of an endpoint that one route calls and another begins at. */
    private Optional<String> name(RouteFile file, Uses.Endpoint endpoint) {
        String scheme = EndpointCheck.scheme(endpoint.uri());
        if (!CALLED_BY_NAME.contains(scheme)) {
            return Optional.empty();
        }
        String name = endpoint.name(scheme).orElse("");
        boolean isParameter = file.parameters().keySet().stream()
                .anyMatch(parameter -> name.contains("{{" + parameter + "}}") || name.contains("{{?" + parameter));
        return name.isEmpty() || isParameter || name.contains("${")
                ? Optional.empty()
                : Optional.of(placeholders.fill(name, Map.of()));
    }

    private void template(Uses.FromTemplate made, Findings findings) {
        boolean kamelet = made.scheme().equals("kamelet");
        String what = kamelet ? "Kamelet" : "routeTemplate";
        String id = made.template().replaceFirst("/.*", "");
        RouteFile.Template template = templates.get(id);
        if (template == null) {
            if (!id.contains("{{")) {
                findings.add(made.line(), "there is no " + what + " \"" + id + "\"" + near(id, templates.keySet()));
            }
            return;
        }
        if (made.parameters() == null) {
            return; // in the uri, where Camel itself looks at them
        }
        Set<String> given = new HashSet<>();
        for (YamlNode.Entry parameter : made.parameters()) {
            given.add(parameter.key());
            if (!template.parameters().contains(parameter.key())) {
                findings.add(
                        parameter.line(),
                        what + " \"" + id + "\" has no parameter \"" + parameter.key() + "\""
                                + near(parameter.key(), template.parameters()));
            }
        }
        for (String required : new TreeSet<>(template.required())) {
            if (!given.contains(required)) {
                findings.add(made.line(), what + " \"" + id + "\" needs the parameter \"" + required + "\"");
            }
        }
    }

    private static String near(String name, Collection<String> names) {
        String suggestion = Suggestion.of(name, names);
        if (!suggestion.isEmpty()) {
            return suggestion;
        }
        Set<String> all = new TreeSet<>(names);
        all.remove("");
        return all.isEmpty() ? "" : "; there are " + String.join(", ", all);
    }
}
