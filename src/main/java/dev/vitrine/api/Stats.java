package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.queue.Depth;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.reload.RouteState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** The figures of {@code GET /stats}. A part that cannot be asked is left out, so that the others are still seen. */
public final class Stats {

    /** All figures. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Figures(
            @JsonProperty("jobs") Map<String, Long> jobs,
            @JsonProperty("queue") QueueFigures queue,
            @JsonProperty("workers") Integer workers,
            @JsonProperty("throughput_last_minute") Long throughputLastMinute,
            @JsonProperty("model") ModelFigures model,
            @JsonProperty("index") IndexFigures index,
            @JsonProperty("routes") RouteState routes) {}

    /** The queue; {@code mode} is {@code redis}, {@code unreachable} or {@code none}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QueueFigures(
            @JsonProperty("mode") String mode,
            @JsonProperty("depth") Long depth,
            @JsonProperty("oldest_wait_seconds") Double oldestWaitSeconds) {}

    /** The model; {@code demo} says that it is the bundled demo model. */
    public record ModelFigures(
            @JsonProperty("name") String name,
            @JsonProperty("demo") boolean demo,
            @JsonProperty("fingerprint") String fingerprint,
            @JsonProperty("dimensions") int dimensions,
            @JsonProperty("text_search") boolean textSearch) {}

    /** The index; without {@code points} when it cannot be asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record IndexFigures(@JsonProperty("place") String place, @JsonProperty("points") Long points) {}

    private final Optional<JobQueue> queue;
    private final ProductIndex index;
    private final Supplier<ModelFigures> model;
    private final Supplier<RouteState> routes;

    /** @param queue empty where the service runs without one */
    public Stats(
            Optional<JobQueue> queue, ProductIndex index, Supplier<ModelFigures> model, Supplier<RouteState> routes) {
        this.queue = queue;
        this.index = index;
        this.model = model;
        this.routes = routes;
    }

    public Figures read() {
        IndexFigures indexFigures = indexFigures();
        if (queue.isEmpty()) {
            return new Figures(
                    null, new QueueFigures("none", null, null), null, null, model.get(), indexFigures, routes.get());
        }
        try {
            Depth depth = queue.get().depth();
            return new Figures(
                    jobs(depth),
                    new QueueFigures(
                            "redis", depth.waiting(), depth.oldestWait().toMillis() / 1000.0),
                    depth.workers(),
                    queue.get().throughputLastMinute(),
                    model.get(),
                    indexFigures,
                    routes.get());
        } catch (DataAccessException e) {
            return new Figures(
                    null,
                    new QueueFigures("unreachable", null, null),
                    null,
                    null,
                    model.get(),
                    indexFigures,
                    routes.get());
        }
    }

    private Map<String, Long> jobs(Depth depth) {
        Map<String, Long> jobs = new LinkedHashMap<>();
        jobs.put("queued", depth.waiting());
        jobs.put("processing", depth.leased());
        jobs.put("retrying", depth.later());
        jobs.put("completed", queue.get().totals().completed());
        jobs.put("failed", depth.dead());
        return jobs;
    }

    private IndexFigures indexFigures() {
        try {
            return new IndexFigures(index.kind(), index.count());
        } catch (IndexUnavailableException e) {
            return new IndexFigures(index.kind(), null);
        }
    }
}
