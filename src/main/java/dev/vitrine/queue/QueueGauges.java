package dev.vitrine.queue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.dao.DataAccessException;

/**
 * How much there is to do and who is there to do it, as each process sees it: also one that takes no jobs, so that it is
 * seen when all workers are gone. The values are one look at Redis and up to a second old; NaN while Redis is away.
 */
public final class QueueGauges implements AutoCloseable {

    private static final long DEPTH_AGE_NANOS = 1_000_000_000L;

    private final MeterRegistry registry;
    private final JobQueue queue;
    private final List<Meter> meters = new ArrayList<>();
    private Depth depth;
    private long depthAt;

    /** Registers the gauges, until this is closed. */
    public QueueGauges(MeterRegistry registry, JobQueue queue) {
        this.registry = registry;
        this.queue = queue;
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
        return Gauge.builder("vitrine.queue." + what, this, self -> {
                    Depth now = self.depth();
                    return now == null ? Double.NaN : part.applyAsDouble(now);
                })
                .tag("queue", queue.name());
    }

    private synchronized Depth depth() {
        long now = System.nanoTime();
        if (depthAt == 0 || now - depthAt > DEPTH_AGE_NANOS) {
            try {
                depth = queue.depth();
            } catch (DataAccessException e) {
                depth = null;
            }
            depthAt = System.nanoTime();
        }
        return depth;
    }
}
