package dev.vitrine.part;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How far another machine's clock is from this one's. */
public final class ClockDifference {
    private static final Duration TOLERATED = Duration.ofSeconds(1);

    private ClockDifference() {}

    /** Tells another machine's time. */
    @FunctionalInterface
    public interface Other {
        /** @throws Exception where it does not answer */
        Instant ask() throws Exception;
    }

    /**
     * Asks the other clock once. How long the answer took is taken off: only what cannot be the network's is a difference.
     *
     * @param whose the other machine, such as {@code Redis}
     * @throws Exception where the other clock does not answer
     */
    public static Diagnosis of(String whose, Clock own, Other other) throws Exception {
        Instant before = own.instant();
        Instant there = other.ask();
        Instant after = own.instant();
        Duration ahead = there.isAfter(after)
                ? Duration.between(after, there)
                : there.isBefore(before) ? Duration.between(there, before).negated() : Duration.ZERO;
        String subject = "clock against " + whose;
        if (ahead.abs().compareTo(TOLERATED) <= 0) {
            return Diagnosis.good(subject, "the same to " + ahead.abs().toMillis() + " ms");
        }
        return Diagnosis.advice(
                subject,
                whose + " is " + seconds(ahead.abs()) + " s " + (ahead.isNegative() ? "behind" : "ahead"),
                "set the clocks of all machines by NTP (chrony, systemd-timesyncd): which of two pictures of a product is"
                        + " newer, and times in answers, go by them");
    }

    private static String seconds(Duration duration) {
        return String.format(java.util.Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }
}
