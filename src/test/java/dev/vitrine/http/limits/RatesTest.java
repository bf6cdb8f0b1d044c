package dev.vitrine.http.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.settings.InvalidSettingException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static Rates alone(String limit) {
        return new Rates(RateLimit.of("VITRINE_RATE_LIMIT", limit), Optional.empty());
    }

    @Test
    void readsALimitAndSaysWhatAWrongOneShouldBe() {
        assertThat(RateLimit.of("X", "600/min")).isEqualTo(new RateLimit(600, Duration.ofMinutes(1)));
        assertThat(RateLimit.of("X", "10/s")).hasToString("10/s");
        assertThat(RateLimit.of("X", "5000/h").window()).isEqualTo(Duration.ofHours(1));
        for (String wrong : new String[] {"600", "0/min", "600/day", "-1/s", "many"}) {
            assertThatThrownBy(() -> RateLimit.of("VITRINE_RATE_LIMIT", wrong))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining(wrong)
                    .hasMessageContaining("such as 600/min");
        }
    }

    @Test
    void givesEachCallerItsOwnRequests() {
        try (Rates rates = alone("20/h")) {
            assertThat(IntStream.range(0, 50)
                            .filter(i -> rates.ask("a").join().passes())
                            .count())
                    .isEqualTo(20);
            Ruling refused = rates.ask("a").join();
            assertThat(refused.remaining()).isZero();
            assertThat(refused.waitNanos()).isBetween(TimeUnit.SECONDS.toNanos(170), TimeUnit.SECONDS.toNanos(180));
            assertThat(rates.ask("b").join()).isEqualTo(new Ruling(true, 19, 0));
        }
    }
}
