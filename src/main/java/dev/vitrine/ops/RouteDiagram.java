package dev.vitrine.ops;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.Resource;

/**
 * Draws routes as a Mermaid flowchart: a box a route in a frame a file, with what a route starts from on its left and
 * what it sends to on its right. Solid arrows are steps, dotted ones are what happens to a failure.
 */
public final class RouteDiagram {
    private static final String KAMELET = "kamelet:";
    private static final String DIRECT = "direct:";

    private final CamelContext camel;
    private final Model model;

    /** @param camel a context whose routes are loaded; it need not be started */
    public RouteDiagram(CamelContext camel) {
        this.camel = camel;
        this.model = camel.getCamelContextExtension().getContextPlugin(Model.class);
    }

    /**
     * The chart as Mermaid source.
     *
     * @param note what to write under a route's id, such as a live count; empty for nothing
     */
    public String draw(Function<String, String> note) {
        Chart chart = new Chart();
        Map<String, String> byDirect = new LinkedHashMap<>();
        for (RouteDefinition route : routes(camel)) {
            if (from(route).startsWith(DIRECT)) {
                byDirect.put(from(route), route.getRouteId());
            }
        }
        for (RouteDefinition route : routes(camel)) {
            String id = route.getRouteId();
            chart.route(file(route.getResource()), id, note.apply(id));
            if (!from(route).startsWith(DIRECT)) {
                chart.arrow(chart.outside(fromLabel(route)), "-->", id);
            }
            Set<String> targets = targets(route.getOutputs());
            for (String target : targets) {
                chart.arrow(id, "-->", node(chart, byDirect, target));
            }
            Set<String> failureTargets = failureTargets(route);
            failureTargets.removeAll(targets);
            for (String target : failureTargets) {
                chart.arrow(id, "-.->", node(chart, byDirect, target));
            }
        }
        return chart.text();
    }

    /** The routes that stand in files, in the order of their files' names; not those that Camel makes for kamelets. */
    static List<RouteDefinition> routes(CamelContext camel) {
        Map<String, List<RouteDefinition>> byFile = new TreeMap<>();
        for (RouteDefinition route :
                camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            if (!Boolean.TRUE.equals(route.isTemplate()) && route.getResource() != null) {
                byFile.computeIfAbsent(file(route.getResource()), key -> new ArrayList<>())
                        .add(route);
            }
        }
        return byFile.values().stream().flatMap(List::stream).toList();
    }

    /** The name of the file that a route stands in. */
    static String file(Resource resource) {
        String location = resource.getLocation();
        return location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf(':')) + 1);
    }

    /** What a route starts from, placeholders replaced, without options. */
    String from(RouteDefinition route) {
        return plain(route.getInput().getEndpointUri());
    }

    private String fromLabel(RouteDefinition route) {
        String uri = route.getInput().getEndpointUri();
        String plain = plain(uri);
        if (!plain.startsWith("platform-http:")) {
            return plain;
        }
        int method = uri.indexOf("httpMethodRestrict=");
        String path = plain.substring("platform-http:".length());
        return method < 0
                ? path
                : uri.substring(method + "httpMethodRestrict=".length()).split("[&,]", 2)[0] + " " + path;
    }

    private static String node(Chart chart, Map<String, String> byDirect, String target) {
        return byDirect.containsKey(target) ? byDirect.get(target) : chart.outside(target);
    }

    /** Camel copies a configuration into the routes of later files; in earlier ones it is still to be looked up. */
    private Set<String> failureTargets(RouteDefinition route) {
        Set<String> targets = new LinkedHashSet<>();
        for (ProcessorDefinition<?> step : route.getOutputs()) {
            if (step instanceof OnExceptionDefinition) {
                targets.addAll(targets(step.getOutputs()));
            }
        }
        for (RouteConfigurationDefinition configuration : model.getRouteConfigurationDefinitions()) {
            if (configuration.getId().equals(route.getRouteConfigurationId())) {
                for (OnExceptionDefinition failure : configuration.getOnExceptions()) {
                    targets.addAll(targets(failure.getOutputs()));
                }
            }
        }
        return targets;
    }

    /** Where steps send to, in their order; what a kamelet does counts as done by the route that uses it. */
    private Set<String> targets(Collection<ProcessorDefinition<?>> steps) {
        Set<String> targets = new LinkedHashSet<>();
        for (ProcessorDefinition<?> step : steps) {
            if (step instanceof OnExceptionDefinition) {
                continue;
            }
            if (step instanceof SendDefinition<?> send) {
                addTarget(targets, send.getEndpointUri());
            } else if (step instanceof ToDynamicDefinition send) {
                addTarget(targets, send.getUri());
            } else if (step instanceof KameletDefinition kamelet) {
                addTarget(targets, KAMELET + kamelet.getName());
            }
            targets.addAll(targets(step.getOutputs()));
            if (step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null) {
                targets.addAll(targets(breaker.getOnFallback().getOutputs()));
            }
        }
        return targets;
    }

    private void addTarget(Set<String> targets, String uri) {
        String target = plain(uri);
        if (target.startsWith("micrometer:")) {
            return;
        }
        RouteTemplateDefinition template = target.startsWith(KAMELET)
                ? model.getRouteTemplateDefinition(
                        target.substring(KAMELET.length()).split("/", 2)[0])
                : null;
        if (template == null) {
            targets.add(target);
        } else {
            targets.addAll(targets(template.getRoute().getOutputs()));
        }
    }

    private String plain(String uri) {
        String plain = uri.replaceFirst("\\?.*", "").replaceFirst("://", ":");
        // A kamelet's own parameters have no value here.
        return plain.contains("{{") && !plain.contains("{{vitrine.") ? plain : camel.resolvePropertyPlaceholders(plain);
    }

    /** Mermaid's text, in the order in which things are added. */
    private static final class Chart {
        private final Map<String, List<String>> frames = new LinkedHashMap<>();
        private final Map<String, String> outside = new LinkedHashMap<>();
        private final Set<String> arrows = new LinkedHashSet<>();

        void route(String file, String id, String note) {
            frames.computeIfAbsent(file, key -> new ArrayList<>())
                    .add(name(id) + "[\"" + escape(id) + (note.isEmpty() ? "" : "<br/>" + escape(note)) + "\"]");
        }

        /** A box for something that is not a route; its name. */
        String outside(String label) {
            return outside.computeIfAbsent(label, key -> "outside" + (outside.size() + 1));
        }

        void arrow(String from, String kind, String to) {
            arrows.add(name(from) + " " + kind + " " + name(to));
        }

        String text() {
            StringBuilder text = new StringBuilder("flowchart LR\n");
            outside.forEach((label, name) -> text.append("  ")
                    .append(name)
                    .append("([\"")
                    .append(escape(label))
                    .append("\"])\n"));
            int number = 0;
            for (Map.Entry<String, List<String>> frame : frames.entrySet()) {
                text.append("  subgraph file")
                        .append(++number)
                        .append("[\"")
                        .append(escape(frame.getKey()))
                        .append("\"]\n");
                frame.getValue()
                        .forEach(route -> text.append("    ").append(route).append('\n'));
                text.append("  end\n");
            }
            arrows.forEach(arrow -> text.append("  ").append(arrow).append('\n'));
            return text.toString();
        }

        /** Mermaid takes a bare {@code end} for the end of a frame, and no other characters than these. */
        private static String name(String id) {
            return id.startsWith("outside") ? id : "route_" + id.replaceAll("[^A-Za-z0-9]", "_");
        }

        private static String escape(String label) {
            return label.replace("&", "&amp;")
                    .replace("\"", "&quot;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("#", "&num;");
        }
    }
}
