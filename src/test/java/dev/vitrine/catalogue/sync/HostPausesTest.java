package dev.vitrine.catalogue.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostPausesTest {
    private static final String HOST = "shop.example";

    private final HostPauses pauses = new HostPauses(Clock.systemUTC());

    @Test
    void aPauseIsAsLongAsTheHostSays() throws InterruptedException {
        assertThat(awaited(HOST)).isLessThan(Duration.ofMillis(100));
        pauses.pause(HOST, Optional.of("1"), 1);
        assertThat(awaited("cdn.example")).isLessThan(Duration.ofMillis(100));
        assertThat(awaited(HOST)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_300));
    }

    @Test
    @Timeout(10)
    void aDateIsUnderstoodAndOneThatIsOverIsNotWaitedFor() throws InterruptedException {
        String past = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().minusSeconds(60).atOffset(ZoneOffset.UTC));
        pauses.pause(HOST, Optional.of(past), 5);
        assertThat(awaited(HOST)).isLessThan(Duration.ofMillis(300));
    }

    @Test
    void nothingOfAHostThatIsAwayIsTriedAgainUntilItAnswers() {
        for (int picture = 0; picture < 20; picture++) {
            assertThat(pauses.mayTryAgain(HOST, 1)).isTrue();
            assertThat(pauses.mayTryAgain(HOST, 4)).isFalse();
        }
        assertThat(pauses.mayTryAgain(HOST, 1)).isFalse();
        assertThat(pauses.mayTryAgain("cdn.example", 1)).isTrue();
        pauses.answered(HOST);
        assertThat(pauses.mayTryAgain(HOST, 1)).isTrue();
    }

    private Duration awaited(String host) throws InterruptedException {
        long began = System.nanoTime();
        pauses.await(host);
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
