package dev.vitrine.ops;

import dev.vitrine.index.IndexPart;
import dev.vitrine.meter.Samples;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.QueueGauges;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.queue.UpkeepLeases;
import dev.vitrine.spool.SpoolPart;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What keeps the service in order, and what shows how it goes. */
public final class OpsPart implements Part {
    private static final int UPKEEP_PERIOD_MILLIS = 60_000;
    private static final Duration QUIET = Duration.ofSeconds(20);

    private final SpoolPart spool;
    private final QueuePart queue;
    private final IndexPart index;
    private final OpsSettings settings;
    private final Samples samples;
    private final MeterRegistry meters;
    private Optional<QueueGauges> gauges = Optional.empty();
    private Optional<UpkeepLeases> leases = Optional.empty();
    private QuietHeap heap;

    /** @param samples what gauges are read from; closed with this part */
    public OpsPart(
            SpoolPart spool,
            QueuePart queue,
            IndexPart index,
            OpsSettings settings,
            Samples samples,
            MeterRegistry meters) {
        this.spool = spool;
        this.queue = queue;
        this.index = index;
        this.settings = settings;
        this.samples = samples;
        this.meters = meters;
    }

    @Override
    public void open() {
        gauges = queue.queue().map(jobs -> new QueueGauges(meters, samples, jobs));
        leases = queue.queue().map(jobs -> new UpkeepLeases(jobs, settings.workerId()));
        StoreGauges stores = new StoreGauges(meters, samples);
        stores.watch(spool.spool(), settings.minFreeBytes());
        stores.watch(index.main());
        String version = OpsPart.class.getPackage().getImplementationVersion();
        Gauge.builder("vitrine.build.info", () -> 1)
                .description("What runs here; always 1")
                .tag("version", version == null ? "unknown" : version)
                .tag("java", Runtime.version().toString())
                .register(meters);
        heap = new QuietHeap(QUIET);
    }

    /** The gauges of parts. */
    public PartGauges parts() {
        return new PartGauges(meters, samples);
    }

    @Override
    public void close() {
        gauges.ifPresent(QueueGauges::close);
        leases.ifPresent(UpkeepLeases::close);
        samples.close();
        if (heap != null) {
            heap.close();
        }
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("meters", MeterRegistry.class, () -> meters, () -> meters),
                Offer.of("routes", RouteOverview.class, () -> new RouteOverview(meters)),
                Offer.of(
                        "upkeep",
                        Upkeep.class,
                        () -> new Upkeep(
                                spool.spool(),
                                spool.owedProducts(),
                                spool.tombstones(),
                                queue.queue(),
                                queue.breaker(),
                                settings.uploads(),
                                settings.jobTtl(),
                                leases,
                                meters)),
                Offer.of(
                        "unfinished",
                        Unfinished.class,
                        () -> new Unfinished(
                                spool.spool(), queue.queue().isPresent(), queue.local(), Clock.systemUTC())));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.upkeep.period", Integer.toString(UPKEEP_PERIOD_MILLIS));
    }
}
