package dev.vitrine.reload.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The endpoints of a template or Kamelet as one use of it makes them: the parameters are in, at the lines of the use. */
final class TemplateUses {
    private final Map<String, RouteFile> files = new HashMap<>();
    private final Map<RouteFile, Uses> uses;

    TemplateUses(List<RouteFile> all, Map<RouteFile, Uses> uses) {
        this.uses = uses;
        for (RouteFile file : all) {
            file.templates().forEach(template -> files.put(template.id(), file));
        }
    }

    /** The uses of Kamelets and templates in a file, those in addresses as well. */
    List<Uses.FromTemplate> in(RouteFile file) {
        List<Uses.FromTemplate> found = new ArrayList<>();
        uses.get(file).templates().stream()
                .filter(made -> made.parameters() != null)
                .forEach(found::add);
        for (Uses.Endpoint endpoint : uses.get(file).endpoints()) {
            if (EndpointCheck.scheme(endpoint.uri()).equals("kamelet")
                    && !endpoint.uri().contains("?")) {
                String name = endpoint.uri().replaceFirst("^kamelet:(//)?", "").replaceFirst("/.*", "");
                found.add(new Uses.FromTemplate(name, endpoint.line(), endpoint.parameters(), "kamelet"));
            }
        }
        return found;
    }

    /**
     * What the parameters are in one use: as given, else their defaults.
     *
     * @param fill puts values into placeholders
     */
    Map<String, String> parameters(Uses.FromTemplate made, UnaryOperator<String> fill) {
        Map<String, String> values = new HashMap<>();
        RouteFile file = files.get(made.template());
        if (file != null) {
            values.putAll(file.parameters());
        }
        made.parameters()
                .forEach(given ->
                        values.put(given.key(), fill.apply(given.value().text())));
        return values;
    }

    /** The endpoints that what is given goes into. */
    List<Uses.Endpoint> endpoints(Uses.FromTemplate made) {
        RouteFile file = files.get(made.template());
        List<Uses.Endpoint> endpoints = new ArrayList<>();
        if (file == null || made.parameters().stream().anyMatch(TemplateUses::isLater)) {
            return endpoints;
        }
        for (Uses.Endpoint endpoint : uses.get(file).endpoints()) {
            List<YamlNode.Entry> parameters = new ArrayList<>();
            boolean touched = given(endpoint.uri(), made) > 0;
            for (YamlNode.Entry option : endpoint.parameters()) {
                int line = given(option.value().text(), made);
                touched |= line > 0;
                parameters.add(new YamlNode.Entry(option.key(), line > 0 ? line : made.line(), option.value()));
            }
            if (touched) {
                endpoints.add(new Uses.Endpoint(
                        endpoint.uri(),
                        made.line(),
                        parameters,
                        endpoint.consumes(),
                        endpoint.dynamic(),
                        endpoint.precondition()));
            }
        }
        return endpoints;
    }

    private static boolean isLater(YamlNode.Entry given) {
        return given.value().text().contains("${");
    }

    /** The line of the first parameter that a text names; 0 where it names none that is given. */
    private static int given(String text, Uses.FromTemplate made) {
        return made.parameters().stream()
                .filter(given -> Pattern.compile("\\{\\{\\??" + Pattern.quote(given.key()) + "(:[^}]*)?}}")
                        .matcher(text)
                        .find())
                .mapToInt(YamlNode.Entry::line)
                .findFirst()
                .orElse(0);
    }
}
