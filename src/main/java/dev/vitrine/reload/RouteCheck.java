package dev.vitrine.reload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;

/**
 * Checks route files without running them: they are loaded into a Camel context that is initialised and never started,
 * so that every endpoint, option, expression, bean and placeholder is resolved and nothing consumes.
 */
public final class RouteCheck {

    /**
     * What is wrong with a file.
     *
     * @param file the file, or null where it is not one file's fault
     */
    public record Finding(Path file, String message) {}

    private final Map<String, Object> beans;
    private final Properties properties;

    /**
     * @param beans what the routes may name
     * @param properties what placeholders may name
     */
    public RouteCheck(Map<String, Object> beans, Properties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /** Checks files together, as they run together; empty when nothing is wrong. */
    public List<Finding> check(List<Path> files) throws Exception {
        List<Finding> findings = new ArrayList<>();
        try (DefaultCamelContext scratch = new DefaultCamelContext()) {
            scratch.disableJMX();
            scratch.setAutoStartup(false);
            scratch.getPropertiesComponent().setInitialProperties(properties);
            beans.forEach(scratch.getRegistry()::bind);
            scratch.build();
            Map<String, Path> owners = load(scratch, files, findings);
            if (findings.isEmpty()) {
                try {
                    scratch.init();
                    findings.addAll(missingRoutes(scratch));
                } catch (Exception e) {
                    findings.add(new Finding(owner(owners, e), reason(e)));
                }
            }
        }
        return findings;
    }

    private static Map<String, Path> load(DefaultCamelContext scratch, List<Path> files, List<Finding> findings) {
        Map<String, Path> owners = new LinkedHashMap<>();
        Model model = scratch.getCamelContextExtension().getContextPlugin(Model.class);
        for (Path file : files) {
            try {
                PluginHelper.getRoutesLoader(scratch)
                        .loadRoutes(PluginHelper.getResourceLoader(scratch).resolveResource("file:" + file));
                for (RouteDefinition route : model.getRouteDefinitions()) {
                    owners.putIfAbsent(route.getId(), file);
                }
            } catch (Exception e) {
                findings.add(new Finding(file, reason(e)));
            }
        }
        return owners;
    }

    /** Routes that a {@code direct} endpoint sends to and that no file has. */
    private static List<Finding> missingRoutes(DefaultCamelContext scratch) {
        Set<String> sources = new LinkedHashSet<>();
        for (RouteDefinition route :
                scratch.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            sources.add(
                    scratch.resolvePropertyPlaceholders(route.getEndpointUrl()).replace("//", ""));
        }
        Map<String, Finding> missing = new TreeMap<>();
        for (Endpoint endpoint : scratch.getEndpoints()) {
            String uri = endpoint.getEndpointUri().replace("//", "");
            if (endpoint instanceof DirectEndpoint && !sources.contains(uri)) {
                missing.put(uri, new Finding(null, "a step sends to " + uri + ", but no route is from it"));
            }
        }
        return List.copyOf(missing.values());
    }

    private static Path owner(Map<String, Path> owners, Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            for (Map.Entry<String, Path> owner : owners.entrySet()) {
                if (String.valueOf(e.getMessage()).contains("route: " + owner.getKey() + " ")
                        || String.valueOf(e.getMessage()).contains("route " + owner.getKey() + " ")) {
                    return owner.getValue();
                }
            }
        }
        return null;
    }

    private static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder();
        String last = "";
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage()).strip();
            if (e.getMessage() != null && !last.contains(message)) {
                reason.append(reason.isEmpty() ? "" : ": ").append(message.replaceAll("\\s*\\R\\s*", " "));
                last = message;
            }
        }
        return reason.isEmpty() ? failure.toString() : reason.toString();
    }
}
