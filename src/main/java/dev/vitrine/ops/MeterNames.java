package dev.vitrine.ops;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/**
 * Meters of others by Prometheus's rules (prometheus.io/docs/practices/naming): labels in snake case, base units, a
 * help text; and buckets for what waits. What says nothing of this service is left out.
 */
public final class MeterNames implements MeterFilter {
    /** The version of what runs here helps those who look for a hole in it; the others break the rules. */
    private static final Set<String> LEFT_OUT = Set.of(
            "app.info",
            "process.cpu.time",
            "jvm.buffer",
            "camel.exchanges.external.redeliveries",
            "camel.exchanges.succeeded",
            "camel.exchanges.failures.handled");

    /** Those of all routes would be half of all series. */
    private static final String STEPS = "camel.message.history";

    private static final Set<String> ROUTES_WITH_STEPS = Set.of("worker");

    private static final String TIMES = "camel.route.policy";

    /** Of the routes here what is worth a clock has one of its own; those of a site have Camel's. */
    private static final Set<String> ROUTES_WITHOUT_TIMES = Set.of(
            "accept",
            "answer",
            "caller",
            "docs",
            "docs-files",
            "enqueue",
            "history",
            "history-retention",
            "index",
            "index-now",
            "jobs-retry",
            "jobs-retry-all",
            "openapi",
            "page",
            "page-files",
            "products-delete",
            "products-delete-filtered",
            "products-delete-image",
            "products-thumbnail",
            "put-off",
            "routes",
            "search-request",
            "spool-bucket",
            "spool-folder",
            "stats",
            "upkeep");

    /** The same in every series. */
    private static final Set<String> LEFT_OUT_LABELS = Set.of("camelContext", "kind");

    private static final Map<String, String> RENAMED = Map.of("system.cpu.count", "system.processors");

    private static final Map<String, String> HELP = Map.of(
            "vitrine.jobs.accepted", "Uploads that are safe on disk, from all sources",
            "vitrine.accept", "Time to check an upload, make it safe on disk and enqueue it",
            "camel.routes.added", "Routes that there are",
            "camel.routes.reloaded", "Route files that were taken up while the service ran",
            "camel.routes.running", "Routes that run");

    /** Of what waits for its turn, which may be all night. */
    private static final double[] WAITS = nanos(10, 100, 500, 1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000);

    /** Of what is worked on. */
    private static final double[] WORK = nanos(5, 10, 25, 50, 100, 250, 500, 1_000, 5_000);

    /** A registry whose meters have these names. */
    public static MeterRegistry registry() {
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters.config().meterFilter(new MeterNames());
        // What routes count, so that it is there before the first upload.
        meters.timer("vitrine.accept");
        for (String path : List.of("queue", "sync")) {
            meters.counter("vitrine.jobs.accepted", "path", path);
        }
        return meters;
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        String route = String.valueOf(id.getTag("route_id"));
        if (id.getName().equals(STEPS) && !ROUTES_WITH_STEPS.contains(route)
                || id.getName().equals(TIMES) && ROUTES_WITHOUT_TIMES.contains(route)) {
            return MeterFilterReply.DENY;
        }
        return LEFT_OUT.stream().anyMatch(id.getName()::startsWith) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        List<Tag> labels = StreamSupport.stream(id.getTagsAsIterable().spliterator(), false)
                .filter(tag -> !LEFT_OUT_LABELS.contains(tag.getKey()))
                .map(tag -> Tag.of(snakeCase(tag.getKey()), tag.getValue()))
                .toList();
        String help = id.getDescription() == null ? HELP.get(id.getName()) : id.getDescription();
        return new Meter.Id(
                RENAMED.getOrDefault(id.getName(), id.getName()),
                io.micrometer.core.instrument.Tags.of(labels),
                id.getBaseUnit(),
                help,
                id.getType());
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        return id.getType() == Meter.Type.TIMER && id.getName().startsWith("vitrine.")
                ? DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(id.getName().startsWith("vitrine.queue.") ? WAITS : WORK)
                        .build()
                        .merge(config)
                : config;
    }

    private static double[] nanos(long... millis) {
        return LongStream.of(millis)
                .mapToDouble(each -> Duration.ofMillis(each).toNanos())
                .toArray();
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }
}
