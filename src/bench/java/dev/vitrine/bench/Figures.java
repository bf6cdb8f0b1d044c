package dev.vitrine.bench;

import dev.vitrine.bench.Report.Point;
import java.util.Collection;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Small sums over measurements. */
final class Figures {
    private static final List<Double> PERCENTILES =
            List.of(0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5, 99.0, 99.5, 99.9);

    private Figures() {}

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double largest(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** How far apart they are: the largest less the smallest, by the median; 0 for fewer than two. */
    static double spread(List<Double> values) {
        if (values.size() < 2) {
            return 0;
        }
        return (largest(values) - values.stream().mapToDouble(v -> v).min().orElse(0)) / median(values);
    }

    /** Percentiles of latencies in µs as points of a chart, in ms. */
    static List<Point> curve(Histogram micros) {
        return PERCENTILES.stream()
                .map(percentile -> new Point(percentile, micros.getValueAtPercentile(percentile) / 1e3))
                .toList();
    }
}
