package dev.vitrine.trace;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * OpenTelemetry's own variables, as they are in the environment.
 *
 * @param variables those that begin with {@code OTEL_}
 */
public record TraceSettings(Map<String, String> variables) {
    private static final String PREFIX = "OTEL_";
    private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
    private static final Set<String> WANTED =
            Set.of(EXPORTER, "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    /** Reads them from an environment. */
    public static TraceSettings read(Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) {
                variables.put(name, value);
            }
        });
        return new TraceSettings(variables);
    }

    /** Whether traces are wanted: somebody says where to, and nobody says not to. */
    public boolean areOn() {
        return WANTED.stream().anyMatch(variables::containsKey)
                && !"none".equals(variables.get(EXPORTER))
                && !"true".equalsIgnoreCase(variables.get("OTEL_SDK_DISABLED"));
    }

    /** The same by the names of OpenTelemetry's properties. */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        variables.forEach(
                (name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        return properties;
    }
}
