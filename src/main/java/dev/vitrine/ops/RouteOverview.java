package dev.vitrine.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.RouteDefinition;

/** What {@code GET /routes} tells: every route that stands in a file, how much ran through it, and their diagram. */
public final class RouteOverview {

    /**
     * A route.
     *
     * @param status {@code started} or {@code stopped}; {@code left_out} where this process's role has no use for it
     * @param exchanges ended, with those that failed, since the process started
     */
    public record Row(
            @JsonProperty("id") String id,
            @JsonProperty("file") String file,
            @JsonProperty("description") String description,
            @JsonProperty("from") String from,
            @JsonProperty("status") String status,
            @JsonProperty("exchanges") long exchanges,
            @JsonProperty("failed") long failed,
            @JsonProperty("inflight") long inflight) {}

    /**
     * All routes.
     *
     * @param diagram a Mermaid flowchart with the live counts in its boxes
     */
    public record Overview(@JsonProperty("routes") List<Row> routes, @JsonProperty("diagram") String diagram) {}

    private final MeterRegistry meters;

    /** @param meters where Camel counts exchanges by route */
    public RouteOverview(MeterRegistry meters) {
        this.meters = meters;
    }

    /** The routes as they are now. */
    public Overview read(CamelContext camel) {
        RouteDiagram diagram = new RouteDiagram(camel);
        Map<String, Row> rows = new LinkedHashMap<>();
        for (RouteDefinition route : RouteDiagram.routes(camel)) {
            String id = route.getRouteId();
            ServiceStatus status = camel.getRouteController().getRouteStatus(id);
            rows.put(
                    id,
                    new Row(
                            id,
                            RouteDiagram.file(route.getResource()),
                            route.getDescription(),
                            diagram.from(route),
                            status == null ? "left_out" : status.name().toLowerCase(Locale.ROOT),
                            sum("camel.exchanges.total", id),
                            sum("camel.exchanges.failed", id),
                            camel.getInflightRepository().size(id)));
        }
        return new Overview(List.copyOf(rows.values()), diagram.draw(id -> note(rows.get(id))));
    }

    private static String note(Row row) {
        return switch (row.status()) {
            case "started" -> row.exchanges() + (row.failed() == 0 ? "" : ", " + row.failed() + " failed");
            default -> row.status().replace('_', ' ');
        };
    }

    private long sum(String name, String routeId) {
        double sum = 0;
        for (Meter meter : meters.find(name).tag("route_id", routeId).meters()) {
            sum += meter.measure().iterator().next().getValue();
        }
        return Math.round(sum);
    }
}
