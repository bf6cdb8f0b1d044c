package dev.vitrine.callbacks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** How long to wait after each try, such as {@code 5s 5m 2h}; after the last there is no further try. */
final class RetryPauses {
    private static final double JITTER = 0.1;

    private final List<Duration> pauses;

    /** @throws IllegalArgumentException where the text is something else */
    RetryPauses(String text) {
        this.pauses = Arrays.stream(text.strip().split("\\s+"))
                .map(RetryPauses::pause)
                .toList();
    }

    private static Duration pause(String text) {
        if (!text.matches("\\d{1,6}(ms|[smhSMH])")) {
            throw new IllegalArgumentException("'" + text + "' is no pause between two tries; write for example 5m");
        }
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    /**
     * The pause after a try, up to a tenth shorter or longer, so that what failed together does not come back together.
     *
     * @param attempt 1 for the first
     * @param random from 0 inclusive to 1 exclusive
     * @return empty where no try follows
     */
    Optional<Duration> after(int attempt, DoubleSupplier random) {
        if (attempt > pauses.size()) {
            return Optional.empty();
        }
        double spread = 1 + JITTER * (2 * random.getAsDouble() - 1);
        return Optional.of(Duration.ofMillis(Math.round(pauses.get(attempt - 1).toMillis() * spread)));
    }
}
