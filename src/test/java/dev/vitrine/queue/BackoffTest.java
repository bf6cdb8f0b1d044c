package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final FailureReason REASON = new FailureReason("the index is away", "abc");

    @Test
    void growsUpToTheLongestDelay() {
        Backoff backoff = new Backoff(1_000, 2, 5_000, 0, 0);

        assertThat(delay(backoff, 1, 0.5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(delay(backoff, 2, 0.5)).isEqualTo(Duration.ofSeconds(2));
        assertThat(delay(backoff, 3, 0.5)).isEqualTo(Duration.ofSeconds(4));
        assertThat(delay(backoff, 4, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(delay(backoff, 5_000, 0.5)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void spreadsADelayByTheJitter() {
        Backoff backoff = new Backoff(1_000, 2, 5_000, 0.2, 0);

        assertThat(delay(backoff, 1, 0)).isEqualTo(Duration.ofMillis(800));
        assertThat(delay(backoff, 1, 0.5)).isEqualTo(Duration.ofMillis(1_000));
        assertThat(delay(backoff, 1, 0.999)).isEqualTo(Duration.ofMillis(1_200));
    }

    @Test
    void givesUpAtTheLastAttempt() {
        Backoff backoff = new Backoff(1_000, 2, 5_000, 0, 3);

        assertThat(backoff.after(2, REASON, () -> 0)).isInstanceOf(Settlement.PutOff.class);
        assertThat(backoff.after(3, REASON, () -> 0))
                .isEqualTo(
                        new Settlement.Bury(new FailureReason("gave up after 3 attempts: the index is away", "abc")));
    }

    @Test
    void refusesValuesThatMakeNoBackoff() {
        assertThatThrownBy(() -> new Backoff(1_000, 0.5, 5_000, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(1_000, 2, 500, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(1_000, 2, 5_000, 2, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Duration delay(Backoff backoff, int attempt, double random) {
        return ((Settlement.PutOff) backoff.after(attempt, REASON, () -> random)).delay();
    }
}
