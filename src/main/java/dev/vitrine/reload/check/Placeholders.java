package dev.vitrine.reload.check;

import dev.vitrine.text.Suggestion;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/** Checks and fills in {@code {{…}}}. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

    private final CamelContext context;
    private final Properties properties;

    Placeholders(CamelContext context, Properties properties) {
        this.context = context;
        this.properties = properties;
    }

    /** @param parameters what the file's templates call their parameters */
    void check(YamlNode text, Map<String, String> parameters, Findings findings) {
        Matcher matcher = PLACEHOLDER.matcher(text.text());
        while (matcher.find()) {
            String key = matcher.group(1);
            if (value(key, parameters).isEmpty() && !key.startsWith("?")) {
                TreeSet<String> known = new TreeSet<>(properties.stringPropertyNames());
                known.addAll(parameters.keySet());
                findings.add(
                        text.line(),
                        "the property \"" + key + "\" has no value"
                                + Suggestion.or(
                                        key,
                                        known,
                                        "set it in config/application.properties, or write {{" + key + ":DEFAULT}}"));
            }
        }
    }

    /** The text as Camel will see it; what has no value yet becomes an x. */
    String fill(String text, Map<String, String> parameters) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        known(match.group(1), parameters).orElse("x")));
    }

    /** Whether every placeholder in a text has a value before the routes are made. */
    boolean isKnown(String text, Map<String, String> parameters) {
        return PLACEHOLDER.matcher(text).results().allMatch(match -> known(match.group(1), parameters)
                .isPresent());
    }

    private Optional<String> known(String key, Map<String, String> parameters) {
        return value(key, parameters).filter(value -> !value.isEmpty());
    }

    private Optional<String> value(String key, Map<String, String> parameters) {
        String name = key.startsWith("?") || key.startsWith("!") ? key.substring(1) : key;
        if (parameters.containsKey(name)) {
            return Optional.of(parameters.get(name));
        }
        try {
            return Optional.ofNullable(context.resolvePropertyPlaceholders("{{" + name + "}}"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
