package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.part.Probe;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.junit.jupiter.api.Test;

class ServiceHealthTest {

    private final Set<String> away = new HashSet<>();
    private final List<Probe> probes = List.of(
            Probe.of("encoder", () -> ask("encoder")),
            Probe.substitutable("redis", () -> ask("redis")),
            Probe.substitutable("index", () -> ask("index")),
            Probe.informative("workers", () -> ask("workers")));

    @Test
    void isReadyWhileUploadsCanBeServedOneWayOrTheOther() {
        assertThat(isReady(true)).isTrue();
        away.add("redis");
        assertThat(isReady(true)).isTrue();
        assertThat(state("redis")).isEqualTo(State.DOWN);
        assertThat(call("serving").getMessage())
                .hasValueSatisfying(said -> assertThat(said).contains("degraded", "redis is away"));
        away.add("index");
        assertThat(isReady(true)).isFalse();
        assertThat(call("serving").getMessage()).hasValueSatisfying(said -> assertThat(said)
                .contains("nothing can be served", "redis is away", "index is away"));
        away.remove("redis");
        assertThat(isReady(true)).isTrue();
        assertThat(state("index")).isEqualTo(State.DOWN);
    }

    @Test
    void isNotReadyWithoutWhatNothingStandsInFor() {
        away.add("encoder");
        assertThat(isReady(true)).isFalse();
    }

    @Test
    void isReadyWithoutWhatOneShouldOnlyKnow() {
        away.add("workers");
        assertThat(isReady(true)).isTrue();
        assertThat(state("workers")).isEqualTo(State.DOWN);
    }

    @Test
    void isNotReadyAsAWorkerWithoutItsQueueOrItsIndex() {
        assertThat(isReady(false)).isTrue();
        for (String part : List.of("redis", "index")) {
            away.add(part);
            assertThat(isReady(false)).isFalse();
            away.remove(part);
        }
    }

    @Test
    void isNotReadyWithoutTheIndexWhereThereIsNoQueue() {
        away.add("index");
        List<HealthCheck> checks =
                new ServiceHealth(List.of(Probe.substitutable("index", () -> ask("index"))), true).checks();
        assertThat(checks.stream().filter(HealthCheck::isReadiness))
                .singleElement()
                .satisfies(check -> assertThat(check.call(Map.of()).getState()).isEqualTo(State.DOWN));
    }

    private void ask(String part) {
        if (away.contains(part)) {
            throw new IllegalStateException(part + " is away");
        }
    }

    private boolean isReady(boolean servesClients) {
        return new ServiceHealth(probes, servesClients)
                .checks().stream()
                        .filter(HealthCheck::isReadiness)
                        .allMatch(check -> check.call(Map.of()).getState() == State.UP);
    }

    private State state(String part) {
        return call(part).getState();
    }

    private HealthCheck.Result call(String part) {
        return new ServiceHealth(probes, true)
                .checks().stream()
                        .filter(check -> check.getId().equals(part))
                        .findFirst()
                        .orElseThrow()
                        .call(Map.of());
    }
}
