package dev.vitrine.index;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of products ended, the same in every index.
 *
 * @param place id of the point at which the last product was listed; the next page begins after it
 * @param since when the listing began, ms since the epoch
 */
public record ProductCursor(String place, long since) {
    private static final Pattern TEXT =
            Pattern.compile("([0-9a-z]{1,11})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final int RADIX = 36;

    /**
     * Reads a cursor as {@link #toString()} writes it.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static ProductCursor parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "no page of products ends at '" + text + "'; pass next_cursor as the page before gave it");
        }
        return new ProductCursor(matcher.group(2), Long.parseLong(matcher.group(1), RADIX));
    }

    @Override
    public String toString() {
        return Long.toString(since, RADIX) + "_" + place;
    }
}
