package dev.vitrine.queue;

import dev.vitrine.job.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a consumer counts, each from 0. Without a registry the meters count into nothing. */
final class QueueMeters implements AutoCloseable {

    private final List<Meter> meters = new ArrayList<>();
    private final MeterRegistry registry;
    private final JobQueue queue;
    private final Counter taken;
    private final Counter completed;
    private final Map<FailureKind, Counter> retried;
    private final Map<FailureKind, Counter> failed;
    private final Counter redelivered;
    private final Counter lostLeases;
    private final Timer wait;
    private final Timer total;

    /** @param endpoint names the queue, and has the registry in its context */
    QueueMeters(JobQueueEndpoint endpoint, JobQueue queue) {
        MeterRegistry found = endpoint.getCamelContext().getRegistry().findSingleByType(MeterRegistry.class);
        this.registry = found == null ? new CompositeMeterRegistry() : found;
        Set<FailureKind> kinds = endpoint.kinds();
        this.queue = queue;
        this.taken = register(counter("taken", "Jobs taken"));
        this.completed = register(counter("completed", "Jobs completed"));
        this.retried = byKind(kinds, "retried", "Jobs put off for another try, by what this one failed of");
        this.failed = byKind(kinds, "failed", "Jobs given up, by what they failed of");
        this.redelivered = register(counter("redelivered", "Jobs taken because another worker's lease had run out"));
        this.lostLeases = register(counter("leases.lost", "Jobs that another worker took from this one"));
        this.wait = timer("wait", "Time from when a worker could have taken a job until one did");
        this.total = timer("total", "Time from when a job was accepted until it was completed");
    }

    void taken(Taken jobs) {
        taken.increment(jobs.deliveries().size());
        redelivered.increment(jobs.reclaimed());
        failed.get(FailureKind.CRASH).increment(jobs.buried().size());
        for (Delivery delivery : jobs.deliveries()) {
            wait.record(delivery.waited());
        }
    }

    void settled(Delivery delivery, Settlement settlement) {
        if (settlement instanceof Settlement.Complete) {
            completed.increment();
            if (delivery.version() > 0) {
                total.record(Duration.ofMillis(Math.max(0, System.currentTimeMillis() - delivery.version())));
            }
        } else if (settlement instanceof Settlement.PutOff putOff) {
            retried.get(putOff.reason().kind()).increment();
        } else if (settlement instanceof Settlement.Bury bury) {
            failed.get(bury.reason().kind()).increment();
        }
    }

    void lostLease() {
        lostLeases.increment();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }

    private Counter.Builder counter(String what, String description) {
        return Counter.builder("vitrine.queue." + what).description(description).tag("queue", queue.name());
    }

    private Counter register(Counter.Builder builder) {
        Counter counter = builder.register(registry);
        meters.add(counter);
        return counter;
    }

    private Map<FailureKind, Counter> byKind(Set<FailureKind> kinds, String what, String description) {
        Map<FailureKind, Counter> counters = new EnumMap<>(FailureKind.class);
        for (FailureKind kind : kinds) {
            counters.put(kind, register(counter(what, description).tag("reason", kind.label())));
        }
        return counters;
    }

    private Timer timer(String what, String description) {
        Timer timer = Timer.builder("vitrine.queue." + what)
                .description(description)
                .tag("queue", queue.name())
                .register(registry);
        meters.add(timer);
        return timer;
    }
}
