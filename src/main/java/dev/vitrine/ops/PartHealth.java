package dev.vitrine.ops;

import dev.vitrine.part.Probe;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Health of one part of the service: it is up when its probe returns, down with the reason when the probe throws. It counts
 * for readiness where the process is of no use without it, and for liveness only where a restart of the process helps.
 */
final class PartHealth extends AbstractHealthCheck {

    private final Probe probe;
    private final boolean needed;

    /**
     * @param probe names the part in the answer of {@code /observe/health} and tries it out
     * @param needed whether the process is of no use without it
     */
    PartHealth(Probe probe, boolean needed) {
        super("vitrine", probe.part());
        this.probe = probe;
        this.needed = needed;
    }

    @Override
    public boolean isReadiness() {
        return needed;
    }

    @Override
    public boolean isLiveness() {
        return probe.mendedByRestart();
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try {
            probe.check().run();
            builder.up();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.down().message("interrupted");
        } catch (Exception e) {
            builder.down().message(e.getMessage()).detail("message", String.valueOf(e.getMessage()));
        }
    }
}
