package dev.vitrine.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** What a consumer counts. Without a registry the meters count into nothing. */
final class QueueMeters implements AutoCloseable {

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
                .description("Time from when a worker could have taken a job until one did")
                .tag("queue", queue.name())
                .register(this.registry);
        meters.add(wait);
    }

    void taken(Taken jobs) {
        taken.increment(jobs.deliveries().size());
        redelivered.increment(jobs.reclaimed());
        failed.increment(jobs.buried().size());
        for (Delivery delivery : jobs.deliveries()) {
            wait.record(delivery.waited());
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
}
