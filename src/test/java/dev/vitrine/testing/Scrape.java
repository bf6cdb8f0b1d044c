package dev.vitrine.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /observe/metrics} answered, as Prometheus reads it.
 *
 * @param text as it came
 * @param took until it was there
 */
public record Scrape(String text, Duration took) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z_:][\\w:]*");

    /** Asks a service. */
    public static Scrape of(String url) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String text = CLIENT.send(
                        HttpRequest.newBuilder(URI.create(url + "/observe/metrics"))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        return new Scrape(text, Duration.ofNanos(System.nanoTime() - start));
    }

    /** The lines that are series. */
    public List<String> series() {
        return text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();
    }

    /** The names of series, with what Prometheus adds for histograms. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (String line : series()) {
            Matcher name = NAME.matcher(line);
            if (name.find()) {
                names.add(name.group());
            }
        }
        return names;
    }

    /**
     * The value of a series.
     *
     * @param series its name and labels, as they stand in the text
     */
    public double value(String series) {
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + series + " in\n" + text));
    }
}
