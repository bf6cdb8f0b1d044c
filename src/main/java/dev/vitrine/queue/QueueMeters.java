package dev.vitrine.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.dao.DataAccessException;

/** What a consumer counts. Without a registry the meters count into nothing. */
final class QueueMeters implements AutoCloseable {

    private static final long DEPTH_AGE_NANOS = 1_000_000_000L;

    private final List<Meter> meters = new ArrayList<>();
    private final MeterRegistry registry;
    private final JobQueue queue;
    private final Counter taken;
    private final Counter completed;
    private final Counter retried;
    private final Counter failed;
    private final Counter redelivered;
    private final Counter lostLeases;
    private final Timer wait;
    private Depth depth;
    private long depthAt;

    /** @param registry null for none */
    QueueMeters(MeterRegistry registry, JobQueue queue) {
        this.registry = registry == null ? new CompositeMeterRegistry() : registry;
        this.queue = queue;
        this.taken = counter("taken", "Jobs taken");
        this.completed = counter("completed", "Jobs completed");
        this.retried = counter("retried", "Jobs put off for another try");
        this.failed = counter("failed", "Jobs given up");
        this.redelivered = counter("redelivered", "Jobs taken because another worker's lease had run out");
        this.lostLeases = counter("leases.lost", "Jobs that another worker took from this one");
        this.wait = Timer.builder("vitrine.queue.wait")
                .description("Time from a job's making to its first start")
                .tag("queue", queue.name())
                .register(this.registry);
        meters.add(wait);
        gauge("waiting", Depth::waiting);
        gauge("leased", Depth::leased);
        gauge("later", Depth::later);
        gauge("dead", Depth::dead);
    }

    void taken(Taken jobs) {
        taken.increment(jobs.deliveries().size());
        redelivered.increment(jobs.reclaimed());
        failed.increment(jobs.buried().size());
        for (Delivery delivery : jobs.deliveries()) {
            if (delivery.attempts() == 1 && delivery.deliveries() == 1) {
                wait.record(delivery.age());
            }
        }
    }

    void settled(Settlement settlement) {
        if (settlement instanceof Settlement.Complete) {
            completed.increment();
        } else if (settlement instanceof Settlement.PutOff) {
            retried.increment();
        } else if (settlement instanceof Settlement.Bury) {
            failed.increment();
        }
    }

    void lostLease() {
        lostLeases.increment();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }

    private Counter counter(String what, String description) {
        Counter counter = Counter.builder("vitrine.queue." + what)
                .description(description)
                .tag("queue", queue.name())
                .register(registry);
        meters.add(counter);
        return counter;
    }

    private void gauge(String state, ToDoubleFunction<Depth> part) {
        meters.add(Gauge.builder("vitrine.queue.depth", this, self -> {
                    Depth current = self.depth();
                    return current == null ? Double.NaN : part.applyAsDouble(current);
                })
                .description("Jobs in the queue by state")
                .tag("queue", queue.name())
                .tag("state", state)
                .register(registry));
    }

    /** One look at Redis for the gauges that are read together; null while Redis is away. */
    private synchronized Depth depth() {
        long now = System.nanoTime();
        if (depthAt == 0 || now - depthAt > DEPTH_AGE_NANOS) {
            depthAt = now;
            try {
                depth = queue.depth();
            } catch (DataAccessException e) {
                depth = null;
            }
        }
        return depth;
    }
}
