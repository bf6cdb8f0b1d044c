package dev.vitrine.reload.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.text.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Compares a file with the schema of Camel's YAML DSL. Camel's own loader stops at the first mistake, and a general
 * validator of JSON schemas answers a misspelt key with every alternative that did not match; this one says which key at
 * which line is not known in its place.
 */
final class SchemaCheck {
    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final String DEFINITIONS = "#/items/definitions/";

    /** What a check goes by and where it tells: placeholders, and findings. */
    private record Target(UnaryOperator<String> fill, Findings findings) {
        void add(int line, String message) {
            findings.add(line, message);
        }
    }

    private final JsonNode schema;
    private final StepCheck steps = new StepCheck();

    SchemaCheck() {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(SCHEMA)) {
            schema = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Camel's schema cannot be read", e);
        }
    }

    /**
     * Checks a file of routes.
     *
     * @param fill puts values into placeholders
     */
    void routes(YamlNode root, UnaryOperator<String> fill, Findings findings) {
        check(root, schema, "the file", new Target(fill, findings));
    }

    /**
     * Checks the template in a Kamelet.
     *
     * @param fill puts values into placeholders
     */
    void template(YamlNode template, UnaryOperator<String> fill, Findings findings) {
        JsonNode definition = definition("org.apache.camel.model.RouteTemplateDefinition");
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        collect(definition, properties);
        properties.keySet().retainAll(Set.of("beans", "from", "route", "description"));
        map(template, properties, List.of(), 0, "template", new Target(fill, findings));
    }

    private JsonNode definition(String name) {
        return schema.path("items").path("definitions").path(name);
    }

    private JsonNode resolve(JsonNode node) {
        String ref = node.path("$ref").asText();
        return ref.startsWith(DEFINITIONS) ? resolve(definition(ref.substring(DEFINITIONS.length()))) : node;
    }

    private static String name(JsonNode unresolved) {
        String ref = unresolved.path("$ref").asText();
        return ref.startsWith(DEFINITIONS) ? ref.substring(DEFINITIONS.length()) : "";
    }

    private void check(YamlNode node, JsonNode unresolved, String where, Target target) {
        JsonNode rule = resolve(unresolved);
        List<JsonNode> shapes = new ArrayList<>();
        shapes(rule, shapes);
        if (node.isMap()) {
            Map<String, JsonNode> properties = new LinkedHashMap<>();
            collect(rule, properties);
            if (properties.isEmpty()) {
                if (!shapes.isEmpty()
                        && shapes.stream().noneMatch(shape -> type(shape).equals("object"))) {
                    target.add(node.line(), where + " must be " + wanted(shapes) + ", not keys with values");
                }
                return;
            }
            List<String> required = new ArrayList<>();
            rule.path("required").forEach(name -> required.add(name.asText()));
            map(node, properties, required, rule.path("maxProperties").asInt(0), where, target);
            steps.check(node, name(unresolved), where, target.fill(), target.findings());
        } else if (node.isList()) {
            JsonNode list = shapes.stream()
                    .filter(shape -> type(shape).equals("array"))
                    .findFirst()
                    .orElse(null);
            if (list == null) {
                if (!shapes.isEmpty()) {
                    target.add(node.line(), where + " must be " + wanted(shapes) + ", not a list");
                }
                return;
            }
            for (YamlNode item : node.items()) {
                check(item, list.path("items"), where.equals("the file") ? "an entry" : "an entry of " + where, target);
            }
        } else if (!shapes.isEmpty()) {
            scalar(node, shapes, where, target);
        }
    }

    private void map(
            YamlNode node,
            Map<String, JsonNode> properties,
            List<String> required,
            int most,
            String where,
            Target target) {
        List<YamlNode.Entry> entries = node.entries();
        Set<String> seen = new HashSet<>();
        for (YamlNode.Entry entry : entries) {
            if (!seen.add(entry.key())) {
                target.add(entry.line(), "\"" + entry.key() + "\" is here twice in " + where + "; keep one");
            } else if (!properties.containsKey(entry.key())) {
                target.add(entry.line(), unknown(entry, properties.keySet(), where));
            } else {
                check(entry.value(), properties.get(entry.key()), "\"" + entry.key() + "\"", target);
            }
        }
        if (most == 1 && entries.size() > 1) {
            target.add(
                    entries.get(1).line(),
                    "\"" + entries.get(1).key() + "\" stands beside \""
                            + entries.get(0).key()
                            + "\"; begin each with its own \"- \", or indent it if it belongs to \""
                            + entries.get(0).key() + "\"");
        }
        for (String name : required) {
            if (!seen.contains(name)
                    && entries.stream().noneMatch(entry -> Suggestion.nearest(entry.key(), List.of(name))
                            .isPresent())) {
                target.add(node.line(), where + " needs \"" + name + "\"");
            }
        }
    }

    private String unknown(YamlNode.Entry entry, Set<String> known, String where) {
        String key = entry.key();
        String start = "\"" + key + "\" is not known in " + where;
        String suggestion = Suggestion.of(key, known);
        if (!suggestion.isEmpty()) {
            return start + suggestion;
        }
        if (known.contains("parameters")
                && known.contains("uri")
                && entry.value().isText()) {
            return start + "; options of an endpoint go under \"parameters\"";
        }
        if (known.contains("steps")
                && resolve(definition("org.apache.camel.model.ProcessorDefinition"))
                        .path("properties")
                        .has(key)) {
            return start + "; steps go under \"steps\", each with its own \"- \"";
        }
        if (key.equals("steps") && known.contains("from")) {
            return start + "; \"steps\" goes under \"from\": indent it";
        }
        return start + "; possible are " + String.join(", ", new TreeSet<>(known));
    }

    private void scalar(YamlNode node, List<JsonNode> shapes, String where, Target target) {
        for (JsonNode shape : shapes) {
            if (isScalarOf(node.text(), type(shape))) {
                Set<String> choices = new TreeSet<>();
                shape.path("enum").forEach(choice -> choices.add(choice.asText()));
                String text = node.text();
                if (!choices.isEmpty()
                        && !text.contains("{{")
                        && choices.stream().noneMatch(text::equalsIgnoreCase)) {
                    target.add(
                            node.line(),
                            where + " cannot be \"" + text + "\""
                                    + Suggestion.or(text, choices, "possible are " + String.join(", ", choices)));
                }
                return;
            }
        }
        if (node.isNull() && shapes.stream().anyMatch(shape -> type(shape).equals("object"))) {
            boolean needsKeys = shapes.stream().anyMatch(shape -> shape.has("required"));
            if (needsKeys) {
                target.add(node.line(), where + " is empty; it must be " + wanted(shapes));
            }
            return;
        }
        target.add(
                node.line(),
                where + " must be " + wanted(shapes)
                        + (node.isNull() ? "; it is empty" : ", not \"" + node.text() + "\""));
    }

    /** Camel converts text to what an option is, and resolves placeholders first. */
    private static boolean isScalarOf(String text, String type) {
        if (text.contains("{{")) {
            return !type.equals("object") && !type.equals("array");
        }
        return switch (type) {
            case "string" -> true;
            case "boolean" -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            case "number", "integer" -> text.matches("[-+]?[0-9][0-9_]*(\\.[0-9]+)?");
            default -> false;
        };
    }

    private static String wanted(List<JsonNode> shapes) {
        List<String> words = shapes.stream()
                .map(SchemaCheck::type)
                .distinct()
                .map(type -> switch (type) {
                    case "string" -> "text";
                    case "boolean" -> "true or false";
                    case "number", "integer" -> "a number";
                    case "array" -> "a list (each entry with its own \"- \")";
                    default -> "keys with values";
                })
                .toList();
        return String.join(" or ", words);
    }

    private static String type(JsonNode shape) {
        return shape.has("properties") ? "object" : shape.path("type").asText();
    }

    /** The shapes that a value may have; none where anything goes. */
    private void shapes(JsonNode rule, List<JsonNode> shapes) {
        JsonNode alternatives = rule.path("oneOf");
        if (rule.has("properties") || rule.has("type") && !rule.has("oneOf")) {
            shapes.add(rule);
        } else {
            alternatives.forEach(alternative -> shapes(resolve(alternative), shapes));
        }
    }

    /** The keys that a map may have, from all alternatives. */
    private void collect(JsonNode rule, Map<String, JsonNode> properties) {
        rule.path("properties").properties().forEach(property -> {
            if (!property.getValue().isEmpty() || !properties.containsKey(property.getKey())) {
                properties.put(property.getKey(), property.getValue());
            }
        });
        for (String alternatives : new String[] {"oneOf", "anyOf"}) {
            rule.path(alternatives).forEach(alternative -> collect(resolve(alternative), properties));
        }
    }
}
