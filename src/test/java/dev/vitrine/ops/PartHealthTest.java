package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Probe;
import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

class PartHealthTest {

    private static HealthCheck.Result call(PartHealth health) {
        return health.call(Map.of());
    }

    @Test
    void isUpWhenItsProbeReturns() {
        assertThat(call(new PartHealth(Probe.of("index", () -> {}), true)).getState())
                .isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void isDownWithTheReasonWhenItsProbeThrows() {
        HealthCheck.Result result = call(new PartHealth(
                Probe.of("index", () -> {
                    throw new IllegalStateException("the disk is full");
                }),
                true));
        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getMessage()).contains("the disk is full");
    }

    @Test
    void countsForLivenessOnlyWhereARestartHelps() {
        PartHealth index = new PartHealth(Probe.of("index", () -> {}), true);
        PartHealth threads = new PartHealth(Probe.mendedByRestart("threads", () -> {}), true);
        assertThat(index.isReadiness()).isTrue();
        assertThat(index.isLiveness()).isFalse();
        assertThat(threads.isReadiness()).isTrue();
        assertThat(threads.isLiveness()).isTrue();
    }
}
