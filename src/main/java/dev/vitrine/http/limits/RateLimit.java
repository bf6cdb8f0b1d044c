package dev.vitrine.http.limits;

import dev.vitrine.settings.InvalidSettingException;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests a caller has in a time: a bucket that holds so many and fills up evenly, so that all may come at once
 * after a pause.
 *
 * @param requests what the bucket holds
 * @param window in which an empty one fills up
 */
public record RateLimit(long requests, Duration window) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})/(s|min|h)");

    /**
     * Reads {@code 600/min}; also {@code 10/s} and {@code 5000/h}.
     *
     * @throws InvalidSettingException for anything else
     */
    public static RateLimit of(String name, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new InvalidSettingException(
                    name + " is '" + text + "'; write requests and a time, such as 600/min, 10/s or 5000/h");
        }
        Duration window =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "min" -> Duration.ofMinutes(1);
                    default -> Duration.ofHours(1);
                };
        return new RateLimit(Long.parseLong(matcher.group(1)), window);
    }

    /** As it is written in the settings. */
    @Override
    public String toString() {
        return requests + "/" + (window.toSeconds() == 1 ? "s" : window.toSeconds() == 60 ? "min" : "h");
    }

    BucketConfiguration bucket() {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(requests).refillGreedy(requests, window))
                .build();
    }

    /** How long until a bucket with so many left is full, s, rounded up. */
    long secondsUntilFull(long remaining) {
        return (long) Math.ceil((double) (requests - remaining) * window.toSeconds() / requests);
    }
}
