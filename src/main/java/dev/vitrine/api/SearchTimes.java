package dev.vitrine.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long searches took, by what they were for. */
final class SearchTimes {
    /** What a search is for. */
    enum Mode {
        /** Words alone. */
        TEXT,
        /** One picture alone. */
        PICTURE,
        /** Several examples together, or fewer of some. */
        COMBINED,
        /** What is similar to a product. */
        SIMILAR
    }

    private final Map<Mode, Timer> timers = new EnumMap<>(Mode.class);

    SearchTimes(MeterRegistry meters) {
        for (Mode mode : Mode.values()) {
            timers.put(
                    mode,
                    Timer.builder("vitrine.search")
                            .description("Time from when a search was read until its products were found")
                            .tag("mode", mode.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /** @param startNanos when the request was read, {@link System#nanoTime()} */
    void answered(Mode mode, long startNanos) {
        timers.get(mode).record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }
}
