package dev.vitrine.catalogue.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Leaves hosts alone that asked for it. Thread-safe. */
public final class HostPauses {
    /** A host that asks for more is not waited for any longer than this, and asked again. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Map<String, Instant> until = new ConcurrentHashMap<>();
    private final Clock clock;

    public HostPauses(Clock clock) {
        this.clock = clock;
    }

    /**
     * Notes that a host wants to be left alone.
     *
     * @param retryAfter its header of this name: seconds, or a date; without it the pause is longer after each try
     * @param tried how many times, from 1
     */
    void pause(String host, Optional<String> retryAfter, int tried) {
        Duration wanted = retryAfter.flatMap(this::read).orElse(Duration.ofSeconds(1L << Math.min(tried - 1, 6)));
        Instant end = clock.instant().plus(wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted);
        until.merge(host, end, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Returns when a host may be asked. */
    void await(String host) throws InterruptedException {
        for (Instant end = until.get(host); end != null; end = until.get(host)) {
            long left = Duration.between(clock.instant(), end).toMillis();
            if (left <= 0) {
                until.remove(host, end);
                return;
            }
            Thread.sleep(left);
        }
    }

    private Optional<Duration> read(String header) {
        try {
            if (header.strip().matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())));
            }
            Instant date = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), date);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
