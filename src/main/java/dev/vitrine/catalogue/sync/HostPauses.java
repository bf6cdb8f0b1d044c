package dev.vitrine.catalogue.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves hosts alone that asked for it, and then asks them more slowly: a host that says that it is busy sees half as many
 * requests a second afterwards, and twice as many again after a while without such an answer. Thread-safe.
 */
public final class HostPauses {
    /** A host that asks for more is not waited for any longer than this, and asked again. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final long FIRST_INTERVAL_MILLIS = 50;
    private static final Duration BURST = Duration.ofMillis(500);
    private static final long LONGEST_INTERVAL_MILLIS = 5_000;
    private static final int ANSWERS_UNTIL_FASTER = 20;
    private static final int MOST_TRIES = 4;
    private static final int FAILURES_UNTIL_DEAD = 20;

    private static final class Host {
        private Instant next = Instant.EPOCH;
        private Instant pauseEnd = Instant.EPOCH;
        private Instant slowedAt = Instant.EPOCH;
        private long intervalMillis;
        private int answers;
        private int failures;
    }

    private final Map<String, Host> hosts = new HashMap<>();
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
    synchronized void pause(String name, Optional<String> retryAfter, int tried) {
        Host host = hosts.computeIfAbsent(name, unknown -> new Host());
        Instant now = clock.instant();
        if (now.isAfter(host.pauseEnd) && now.isAfter(host.slowedAt.plus(BURST))) {
            // else others that were on their way have heard the same
            host.slowedAt = now;
            host.intervalMillis =
                    Math.min(LONGEST_INTERVAL_MILLIS, Math.max(FIRST_INTERVAL_MILLIS, 2 * host.intervalMillis));
        }
        host.answers = 0;
        Duration wanted = retryAfter.flatMap(this::read).orElse(Duration.ofSeconds(1L << Math.min(tried - 1, 6)));
        Instant end = now.plus(wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted);
        host.pauseEnd = host.pauseEnd.isAfter(end) ? host.pauseEnd : end;
        host.next = host.next.isAfter(host.pauseEnd) ? host.next : host.pauseEnd;
    }

    /** Notes that a host has answered as it should. */
    synchronized void answered(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            return;
        }
        host.failures = 0;
        host.answers++;
        if (host.answers >= ANSWERS_UNTIL_FASTER) {
            host.answers = 0;
            host.intervalMillis /= 2;
            if (host.intervalMillis < FIRST_INTERVAL_MILLIS / 2) {
                hosts.remove(name);
            }
        }
    }

    /**
     * Whether something of a host that it did not give is worth another try; not where many others failed after as many
     * tries, and nothing has come from it since.
     *
     * @param tried how many times, from 1
     */
    synchronized boolean mayTryAgain(String name, int tried) {
        Host host = hosts.computeIfAbsent(name, unknown -> new Host());
        if (tried < MOST_TRIES && host.failures < FAILURES_UNTIL_DEAD) {
            return true;
        }
        host.failures++;
        return false;
    }

    /** Returns when a host may be asked. */
    void await(String name) throws InterruptedException {
        for (long left = left(name); left > 0; left = left(name)) {
            Thread.sleep(left);
        }
    }

    /** How long to wait, in ms; where that is nothing, the next one's time is set. */
    private synchronized long left(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            return 0;
        }
        Instant now = clock.instant();
        if (now.isBefore(host.next)) {
            return Math.max(1, Duration.between(now, host.next).toMillis());
        }
        host.next = now.plusMillis(host.intervalMillis);
        return 0;
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
