package dev.vitrine.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a listing of jobs, the same in every store: by a time, and among jobs of one time by id. A page begins with
 * what comes before its cursor, as listings go from the newest to the oldest.
 *
 * @param at what the listing is ordered by, ms since the epoch; 0 where it is ordered by id alone
 */
public record JobCursor(long at, String id) implements Comparable<JobCursor> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})_(.+)");

    /**
     * Reads a cursor as {@link #toString()} writes it.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static JobCursor parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no page of jobs ends at '" + text
                    + "'; pass next_cursor as the page before gave it, with the same status");
        }
        return new JobCursor(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    @Override
    public int compareTo(JobCursor other) {
        return at == other.at ? id.compareTo(other.id) : Long.compare(at, other.at);
    }

    @Override
    public String toString() {
        return at + "_" + id;
    }
}
