package dev.vitrine.ops;

import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.QueueGauges;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.spool.SpoolPart;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
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
    private final Path uploads;
    private final Duration jobTtl;
    private final String workerId;
    private final MeterRegistry meters;
    private Optional<QueueGauges> gauges = Optional.empty();
    private QuietHeap heap;

    /**
     * @param uploads the folder that requests are received in
     * @param jobTtl how long a job is remembered after its end
     * @param workerId names this process
     */
    public OpsPart(
            SpoolPart spool, QueuePart queue, Path uploads, Duration jobTtl, String workerId, MeterRegistry meters) {
        this.spool = spool;
        this.queue = queue;
        this.uploads = uploads;
        this.jobTtl = jobTtl;
        this.workerId = workerId;
        this.meters = meters;
    }

    @Override
    public void open() {
        gauges = queue.queue().map(jobs -> new QueueGauges(meters, jobs));
        heap = new QuietHeap(QUIET);
    }

    @Override
    public void close() {
        gauges.ifPresent(QueueGauges::close);
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
                                uploads,
                                jobTtl,
                                workerId,
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
