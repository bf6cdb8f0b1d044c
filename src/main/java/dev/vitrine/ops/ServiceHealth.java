package dev.vitrine.ops;

import dev.vitrine.part.Probe;
import dev.vitrine.part.Probe.Weight;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.health.HealthCheck;

/**
 * The health checks of a process. Each part says how it is; whether the process is ready is another question. One that
 * serves clients is not ready only when it can serve nothing: without Redis it indexes while the client waits, without the
 * index it takes uploads into the queue. A worker that serves nobody needs both.
 */
public final class ServiceHealth {
    private final List<Probe> probes;
    private final boolean servesClients;

    /** @param servesClients whether this process takes uploads and answers searches */
    public ServiceHealth(List<Probe> probes, boolean servesClients) {
        this.probes = List.copyOf(probes);
        this.servesClients = servesClients;
    }

    /** One for each part, and one for those that stand in for each other. */
    public List<HealthCheck> checks() {
        List<HealthCheck> checks = new ArrayList<>();
        for (Probe probe : probes) {
            boolean needed =
                    probe.weight() == Weight.ESSENTIAL || probe.weight() == Weight.SUBSTITUTABLE && !servesClients;
            checks.add(new PartHealth(probe, needed));
        }
        List<Probe> substitutable = probes.stream()
                .filter(probe -> probe.weight() == Weight.SUBSTITUTABLE)
                .toList();
        if (servesClients && !substitutable.isEmpty()) {
            checks.add(new ServingHealth(substitutable));
        }
        return checks;
    }
}
