package dev.vitrine.ops;

import dev.vitrine.meter.Sample;
import dev.vitrine.meter.Samples;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.camel.health.HealthCheck;

/** Whether each part works, as {@code /observe/health} says it; one that gives no answer does not. */
public final class PartGauges {
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** How long a check may take. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final MeterRegistry meters;
    private final Samples samples;

    public PartGauges(MeterRegistry meters, Samples samples) {
        this.meters = meters;
        this.samples = samples;
    }

    /** Registers the gauge of a part. */
    public void watch(HealthCheck check) {
        Sample<Boolean> isUp = samples.of(FRESH, () -> check.call().getState() == HealthCheck.State.UP);
        Gauge.builder("vitrine.part.up", isUp, PartGauges::value)
                .description("Whether a part of the process works: 1, or 0 where it is DOWN in /observe/health")
                .tag("part", check.getId())
                .strongReference(true)
                .register(meters);
    }

    private static double value(Sample<Boolean> isUp) {
        double last = isUp.number(up -> up ? 1 : 0);
        return isUp.isPendingFor(LONGEST) ? 0 : last;
    }
}
