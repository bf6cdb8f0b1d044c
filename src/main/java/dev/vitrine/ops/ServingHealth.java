package dev.vitrine.ops;

import dev.vitrine.part.Probe;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether anything can be served: up, with a word about what is away, as long as one of several parts works. */
final class ServingHealth extends AbstractHealthCheck {

    private final List<Probe> parts;

    /** @param parts those that stand in for each other */
    ServingHealth(List<Probe> parts) {
        super("vitrine", "serving");
        this.parts = parts;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        StringBuilder away = new StringBuilder();
        int working = 0;
        for (Probe part : parts) {
            try {
                part.check().run();
                working++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                builder.down().message("interrupted");
                return;
            } catch (Exception e) {
                away.append(away.isEmpty() ? "" : "; ")
                        .append(part.part())
                        .append(": ")
                        .append(e.getMessage());
            }
        }
        if (working == 0) {
            builder.down().message("nothing can be served: " + away).detail("message", away.toString());
        } else if (away.isEmpty()) {
            builder.up();
        } else {
            builder.up().message("degraded: " + away).detail("message", "degraded: " + away);
        }
    }
}
