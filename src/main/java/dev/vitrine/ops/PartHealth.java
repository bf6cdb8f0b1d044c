package dev.vitrine.ops;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness of one part of the service: it is up when its probe returns, down with the reason when the probe throws. */
public final class PartHealth extends AbstractHealthCheck {

    /** Tries a part out. */
    @FunctionalInterface
    public interface Probe {
        /** @throws Exception when the part does not work; its message is for an operator */
        void run() throws Exception;
    }

    private final Probe probe;

    /** @param part names the part in the answer of {@code /observe/health} */
    public PartHealth(String part, Probe probe) {
        super("vitrine", part);
        this.probe = probe;
    }

    @Override
    public boolean isLiveness() {
        return false; // a restart of this process mends none of the parts
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
