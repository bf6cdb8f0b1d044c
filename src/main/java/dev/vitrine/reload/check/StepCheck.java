package dev.vitrine.reload.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.EipModel;
import org.apache.camel.tooling.model.EipModel.EipOptionModel;

/**
 * Checks the values of a step against Camel's catalogue, which knows more than the schema: there, times and most numbers
 * are text, and are refused only when a route starts or a message fails.
 */
final class StepCheck {
    private static final String PACKAGE = "org.apache.camel.model.";
    private static final String ENDING = "Definition";
    private static final Pattern TIME = Pattern.compile("(?i)-?\\d+|P.+|(\\d+(\\.\\d+)?\\s*"
            + "(ms|millis|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\\s*)+");

    private final CamelCatalog catalog = new DefaultCamelCatalog(true);
    private final Map<String, Optional<EipModel>> models = new TreeMap<>();

    /**
     * Checks the entries of a step.
     *
     * @param definition the class of Camel's model
     * @param fill puts values into placeholders; what has none makes the value one that cannot be checked
     */
    void check(YamlNode step, String definition, String where, UnaryOperator<String> fill, Findings findings) {
        Optional<EipModel> model = model(definition);
        if (model.isEmpty()) {
            return;
        }
        for (YamlNode.Entry entry : step.entries()) {
            String value = fill.apply(entry.value().text());
            if (entry.value().isText() && !value.isEmpty() && !value.contains("{{") && !value.startsWith("#")) {
                option(model.get(), entry.key())
                        .flatMap(option -> wanted(option, value))
                        .ifPresent(wanted -> findings.add(
                                entry.line(), "\"" + entry.key() + "\" must be " + wanted + ", not \"" + value + "\""));
            }
        }
        needsExpression(step, model.get(), where, findings);
    }

    private void needsExpression(YamlNode step, EipModel model, String where, Findings findings) {
        Optional<EipOptionModel> expression =
                option(model, "expression").filter(option -> option.isRequired() && option.getOneOfs() != null);
        if (expression.isEmpty()) {
            return;
        }
        List<String> languages = expression.get().getOneOfs();
        boolean given = step.entries().stream()
                .map(YamlNode.Entry::key)
                .anyMatch(key -> key.equals("expression") || key.equals("method") || languages.contains(key));
        boolean empty = step.get("expression")
                .filter(value ->
                        value.isNull() || value.isMap() && value.entries().isEmpty())
                .isPresent();
        if (!given || empty) {
            findings.add(
                    step.line(),
                    where + " needs an expression: \"expression:\" and below it one language, such as \"constant:\" or"
                            + " \"simple:\", with its own \"expression:\"");
        }
    }

    private static Optional<EipOptionModel> option(EipModel model, String name) {
        return model.getOptions().stream()
                .filter(option -> option.getName().equals(name))
                .findFirst();
    }

    private Optional<EipModel> model(String definition) {
        if (!definition.startsWith(PACKAGE) || !definition.endsWith(ENDING)) {
            return Optional.empty();
        }
        return models.computeIfAbsent(definition, type -> {
            String name = type.substring(type.lastIndexOf('.') + 1, type.length() - ENDING.length());
            return Optional.ofNullable(catalog.eipModel(Character.toLowerCase(name.charAt(0)) + name.substring(1)));
        });
    }

    /** What an option takes, where a value is none of it. */
    private static Optional<String> wanted(EipOptionModel option, String value) {
        return switch (String.valueOf(option.getType())) {
            case "duration" -> isTime(value) ? Optional.empty() : Optional.of("a time such as 500 or 10s");
            case "integer" -> value.matches("[-+]?\\d{1,18}") ? Optional.empty() : Optional.of("a whole number");
            case "number" ->
                value.matches("[-+]?\\d+(\\.\\d+)?([eE][-+]?\\d+)?") ? Optional.empty() : Optional.of("a number");
            case "boolean" ->
                value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")
                        ? Optional.empty()
                        : Optional.of("true or false");
            default -> Optional.empty();
        };
    }

    /** Milliseconds, or such as {@code 1h30m}, {@code 10 seconds} or {@code PT10S}; Camel takes more, and reads 0 from it. */
    private static boolean isTime(String value) {
        return TIME.matcher(value).matches();
    }
}
