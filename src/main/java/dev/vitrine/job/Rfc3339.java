package dev.vitrine.job;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Points in time as every answer, hash and payload has them: RFC 3339, UTC, always three digits of milliseconds. */
public final class Rfc3339 {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private Rfc3339() {}

    /** For example {@code 2026-01-31T07:00:00.000Z}; what is finer than a millisecond is cut off. */
    public static String format(Instant time) {
        return MILLIS.format(time);
    }

    /** @param millis since the epoch */
    public static String format(long millis) {
        return format(Instant.ofEpochMilli(millis));
    }

    /**
     * Reads a time with any number of digits after the second.
     *
     * @return ms since the epoch
     * @throws java.time.format.DateTimeParseException when the text is no such time
     */
    public static long millis(String text) {
        return Instant.parse(text).toEpochMilli();
    }
}
