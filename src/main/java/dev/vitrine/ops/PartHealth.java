package dev.vitrine.ops;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Health of one part of the service: it is up when its probe returns, down with the reason when the probe throws. It counts
 * for readiness, and for liveness only where a restart of the process helps.
 */
public final class PartHealth extends AbstractHealthCheck {

    /** Tries a part out. */
    @FunctionalInterface
    public interface Probe {
        /** @throws Exception when the part does not work; its message is for an operator */
        void run() throws Exception;
    }

    private final Probe probe;
    private final boolean mendedByRestart;

    private PartHealth(String part, Probe probe, boolean mendedByRestart) {
        super("vitrine", part);
        this.probe = probe;
        this.mendedByRestart = mendedByRestart;
    }

    /** @param part names the part in the answer of {@code /observe/health} */
    public static PartHealth of(String part, Probe probe) {
        return new PartHealth(part, probe, false);
    }

    /** Like {@link #of}, for what a new process does not have. */
    public static PartHealth mendedByRestart(String part, Probe probe) {
        return new PartHealth(part, probe, true);
    }

    @Override
    public boolean isLiveness() {
        return mendedByRestart;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try {
            probe.run();
            builder.up();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            builder.down().message("interrupted");
        } catch (Exception e) {
            builder.down().message(e.getMessage()).detail("message", String.valueOf(e.getMessage()));
        }
    }
}
