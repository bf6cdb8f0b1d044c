package dev.vitrine.reload.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a file of routes, or a Kamelet, defines. */
final class RouteFile {

    /** Something with an id. */
    record Definition(String id, int line) {}

    /** A template of a route: what it takes, and what it cannot do without. */
    record Template(String id, int line, Set<String> parameters, Set<String> required) {}

    /** A bean that the file makes. */
    record Bean(String name, String type, int line) {}

    private final RouteSource source;
    private final YamlNode root;
    private final List<Definition> routes = new ArrayList<>();
    private final List<Definition> configurations = new ArrayList<>();
    private final List<Template> templates = new ArrayList<>();
    private final List<Bean> beans = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    RouteFile(RouteSource source, YamlNode root) {
        this.source = source;
        this.root = root;
        if (source.isKamelet()) {
            readKamelet();
        } else {
            root.items().forEach(this::read);
        }
    }

    private void read(YamlNode item) {
        for (YamlNode.Entry entry : item.entries()) {
            YamlNode value = entry.value();
            switch (entry.key()) {
                case "route", "from" -> routes.add(new Definition(value.text("id"), entry.line()));
                case "routeConfiguration" -> configurations.add(new Definition(value.text("id"), entry.line()));
                case "routeTemplate" -> readTemplate(value, entry.line());
                case "beans" -> readBeans(value);
                default -> {
                    // nothing that others refer to
                }
            }
        }
    }

    private void readTemplate(YamlNode template, int line) {
        Set<String> all = new HashSet<>();
        Set<String> required = new HashSet<>();
        for (YamlNode parameter :
                template.get("parameters").map(YamlNode::items).orElse(List.of())) {
            String name = parameter.text("name");
            all.add(name);
            parameters.put(name, parameter.text("defaultValue"));
            if (parameter.get("defaultValue").isEmpty()
                    && !parameter.text("required").equals("false")) {
                required.add(name);
            }
        }
        readLocalBeans(template);
        templates.add(new Template(template.text("id"), line, all, required));
    }

    private void readKamelet() {
        YamlNode.Entry name = root.get("metadata").stream()
                .flatMap(metadata -> metadata.entries().stream())
                .filter(entry -> entry.key().equals("name"))
                .findFirst()
                .orElse(null);
        YamlNode definition =
                root.get("spec").flatMap(spec -> spec.get("definition")).orElse(null);
        Set<String> required = new HashSet<>();
        if (definition != null) {
            for (YamlNode.Entry property :
                    definition.get("properties").map(YamlNode::entries).orElse(List.of())) {
                parameters.put(property.key(), property.value().text("default"));
            }
            definition.get("required").ifPresent(list -> list.items().forEach(item -> required.add(item.text())));
            required.removeIf(each -> !parameters.getOrDefault(each, "").isEmpty());
        }
        template().ifPresent(this::readLocalBeans);
        if (name != null) {
            templates.add(new Template(name.value().text(), name.line(), Set.copyOf(parameters.keySet()), required));
        }
    }

    /** The beans of a template are named by placeholders in braces, {@code {{name}}}. */
    private void readLocalBeans(YamlNode template) {
        for (YamlNode bean : template.get("beans").map(YamlNode::items).orElse(List.of())) {
            parameters.put(bean.text("name"), "");
        }
    }

    private void readBeans(YamlNode list) {
        for (YamlNode bean : list.items()) {
            beans.add(new Bean(bean.text("name"), bean.text("type"), bean.line()));
        }
    }

    /** The template in a Kamelet. */
    java.util.Optional<YamlNode> template() {
        return root.get("spec").flatMap(spec -> spec.get("template"));
    }

    Path path() {
        return source.file();
    }

    RouteSource source() {
        return source;
    }

    YamlNode root() {
        return root;
    }

    /** The routes; an id is empty where the file gives none. */
    List<Definition> routes() {
        return routes;
    }

    /** The route configurations; an id is empty where it applies to every route. */
    List<Definition> configurations() {
        return configurations;
    }

    /** The templates, a Kamelet's own included. */
    List<Template> templates() {
        return templates;
    }

    List<Bean> beans() {
        return beans;
    }

    /** What the file's templates call their parameters, with the default value or nothing. */
    Map<String, String> parameters() {
        return parameters;
    }
}
