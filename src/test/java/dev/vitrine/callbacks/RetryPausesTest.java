package dev.vitrine.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPausesTest {
    @Test
    void aPauseFollowsEachTryAndNoneTheLast() {
        RetryPauses pauses = new RetryPauses(" 5s  5m 2h 20ms");
        List<Duration> exact = List.of(1, 2, 3, 4).stream()
                .map(attempt -> pauses.after(attempt, () -> 0.5).orElseThrow())
                .toList();
        assertThat(exact)
                .containsExactly(
                        Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(2), Duration.ofMillis(20));
        assertThat(pauses.after(5, () -> 0.5)).isEmpty();
    }

    @Test
    void isUpToATenthShorterOrLonger() {
        RetryPauses pauses = new RetryPauses("100s");
        assertThat(pauses.after(1, () -> 0)).contains(Duration.ofSeconds(90));
        assertThat(pauses.after(1, () -> 0.999_999_9)).contains(Duration.ofSeconds(110));
    }

    @Test
    void theShippedRouteTriesForMoreThanADay() throws Exception {
        Matcher shipped = Pattern.compile("expression: (5s .*)")
                .matcher(Files.readString(RunningVitrine.HOME.resolve("routes/callbacks.camel.yaml")));
        assertThat(shipped.find()).isTrue();
        RetryPauses pauses = new RetryPauses(shipped.group(1));
        Duration all = Duration.ZERO;
        for (int attempt = 1; pauses.after(attempt, () -> 0).isPresent(); attempt++) {
            all = all.plus(pauses.after(attempt, () -> 0).orElseThrow());
        }
        assertThat(all).isBetween(Duration.ofHours(24), Duration.ofHours(48));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "soon", "5s,5m", "-5s", "99999999999s"})
    void refusesWhatIsNoPause(String text) {
        assertThatThrownBy(() -> new RetryPauses(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
