package dev.vitrine.queue;

import dev.vitrine.meter.Sample;
import dev.vitrine.meter.Samples;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How much there is to do and who is there to do it, as each process sees it: also one that takes no jobs, so that it is
 * seen when all workers are gone. While Redis is away these are the last values; their age is a metric too.
 */
public final class QueueGauges implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final MeterRegistry registry;
    private final String queue;
    private final Sample<Depth> depth;
    private final List<Meter> meters = new ArrayList<>();

    /** Registers the gauges, until this is closed. */
    public QueueGauges(MeterRegistry registry, Samples samples, JobQueue queue) {
        this.registry = registry;
        this.queue = queue.name();
        this.depth = samples.named("queue " + queue.name(), FRESH, queue::depth);
        state("waiting", Depth::waiting);
        state("leased", Depth::leased);
        state("later", Depth::later);
        state("dead", Depth::dead);
        meters.add(gauge("workers", Depth::workers)
                .description("Workers that gave a sign of life lately")
                .register(registry));
        meters.add(gauge("oldest.wait", now -> now.oldestWait().toMillis() / 1000.0)
                .description("Time since the longest waiting job could have been taken")
                .baseUnit("seconds")
                .register(registry));
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }

    private void state(String state, ToDoubleFunction<Depth> part) {
        meters.add(gauge("depth", part)
                .description("Jobs in the queue by state")
                .tag("state", state)
                .register(registry));
    }

    private Gauge.Builder<QueueGauges> gauge(String what, ToDoubleFunction<Depth> part) {
        return Gauge.builder("vitrine.queue." + what, this, self -> self.depth.number(part))
                .tag("queue", queue);
    }
}
