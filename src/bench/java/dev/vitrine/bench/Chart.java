package dev.vitrine.bench;

import dev.vitrine.bench.Report.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart as SVG. Colours come from the page's style sheet: series are of the classes {@code s1}, {@code s2} and so on, in
 * the order in which they are added.
 */
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 280;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 16;
    private static final int BOTTOM = 48;
    private static final int TICKS = 5;

    /** Percentiles spread as their distance from 100 does, so that the tail has room. */
    private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9};

    private final String describes;
    private final String xTitle;
    private final String yTitle;
    private final boolean logarithmic;
    private final boolean percentiles;
    private final List<Series> series = new ArrayList<>();

    private record Series(String name, List<Point> points) {}

    private Chart(String describes, String xTitle, String yTitle, boolean logarithmic, boolean percentiles) {
        this.describes = describes;
        this.xTitle = xTitle;
        this.yTitle = yTitle;
        this.logarithmic = logarithmic;
        this.percentiles = percentiles;
    }

    /** Values over an axis that begins at 0. */
    static Chart plain(String describes, String xTitle, String yTitle) {
        return new Chart(describes, xTitle, yTitle, false, false);
    }

    /** Latencies on a logarithmic axis over their percentiles. */
    static Chart latencies(String describes) {
        return new Chart(describes, "percentile", "ms, logarithmic", true, true);
    }

    /** Adds a line; without points it adds nothing. */
    Chart line(String name, List<Point> points) {
        if (!points.isEmpty()) {
            series.add(new Series(name, points));
        }
        return this;
    }

    /** The lines, with a legend below. */
    String svg() {
        double low = logarithmic ? least() : 0;
        double high = most();
        double last = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1);
        StringBuilder content = new StringBuilder();
        for (double tick : logarithmic ? decades(low, high) : steps(high)) {
            content.append(horizontal(y(tick, low, high), number(tick)));
        }
        for (double tick : percentiles ? PERCENTILES : steps(last)) {
            content.append(text(x(tick, last), HEIGHT - BOTTOM + 16, "middle", number(tick)));
        }
        for (int i = 0; i < series.size(); i++) {
            StringBuilder path = new StringBuilder();
            for (Point point : series.get(i).points()) {
                path.append(format("%.1f,%.1f ", x(point.x(), last), y(point.y(), low, high)));
            }
            content.append(format(
                    "<polyline class=\"line s%d\" points=\"%s\"/>%n",
                    i + 1, path.toString().strip()));
        }
        return frame(content.toString()) + legend();
    }

    /** Bars of these heights; what is written on them are their heights. */
    static String bars(String describes, String xTitle, String yTitle, Map<String, Double> heights) {
        Chart chart = plain(describes, xTitle, yTitle);
        double high =
                Math.max(1, heights.values().stream().mapToDouble(v -> v).max().orElse(1) * 1.1);
        double slot = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, heights.size());
        StringBuilder content = new StringBuilder();
        for (double tick : steps(high)) {
            content.append(horizontal(chart.y(tick, 0, high), number(tick)));
        }
        int i = 0;
        for (Map.Entry<String, Double> bar : heights.entrySet()) {
            double middle = LEFT + slot * (i++ + 0.5);
            double width = Math.min(64, slot * 0.7);
            double top = chart.y(bar.getValue(), 0, high);
            content.append(format(
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
                    middle - width / 2, top, width, HEIGHT - BOTTOM - top));
            content.append(text(middle, top - 4, "middle", number(bar.getValue())));
            content.append(text(middle, HEIGHT - BOTTOM + 16, "middle", bar.getKey()));
        }
        return chart.frame(content.toString());
    }

    private String frame(String content) {
        return format(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH, HEIGHT, HtmlReport.escape(describes))
                + content
                + format(
                        "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%2$d\"/>%n",
                        LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT)
                + text((WIDTH + LEFT) / 2.0, HEIGHT - 10, "middle", xTitle)
                + format(
                        "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                        (HEIGHT - BOTTOM + TOP) / 2, HtmlReport.escape(yTitle))
                + "</svg>\n";
    }

    private String legend() {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < series.size(); i++) {
            items.append(format(
                    "<span><svg class=\"key\" viewBox=\"0 0 24 8\" aria-hidden=\"true\">"
                            + "<polyline class=\"line s%d\" points=\"0,4 24,4\"/></svg>%s</span>%n",
                    i + 1, HtmlReport.escape(series.get(i).name())));
        }
        return "<figcaption>" + items + "</figcaption>\n";
    }

    private double x(double value, double last) {
        double share = percentiles
                ? Math.log10(100 / (100 - Math.min(value, 99.9))) / Math.log10(1000)
                : value / Math.max(last, 1e-9);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value, double low, double high) {
        double share =
                logarithmic ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : Math.max(0, value) / high;
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    private double least() {
        double least = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Point::y)
                .filter(v -> v > 0)
                .min()
                .orElse(1);
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private double most() {
        double most = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Point::y)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        return logarithmic
                ? Math.max(least() * 10, Math.pow(10, Math.ceil(Math.log10(most))))
                : Math.max(most, 1e-9) * 1.1;
    }

    private static double[] decades(double low, double high) {
        List<Double> ticks = new ArrayList<>();
        for (double tick = low; tick <= high * 1.001; tick *= 10) {
            ticks.add(tick);
        }
        return ticks.stream().mapToDouble(v -> v).toArray();
    }

    /** Round numbers from 0 up to this one: 1, 2 or 5 times a power of ten apart. */
    private static double[] steps(double high) {
        double rough = high / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
        List<Double> ticks = new ArrayList<>();
        for (double tick = 0; tick <= high; tick += step) {
            ticks.add(tick);
        }
        return ticks.stream().mapToDouble(v -> v).toArray();
    }

    private static String horizontal(double y, String label) {
        return format("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n", LEFT, y, WIDTH - RIGHT, y)
                + text(LEFT - 6, y + 4, "end", label);
    }

    private static String text(double x, double y, String anchor, String text) {
        return format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, HtmlReport.escape(text));
    }

    private static String number(double value) {
        if (Math.abs(value - Math.rint(value)) < 1e-9) {
            return format("%,.0f", value);
        }
        return format(Math.abs(value) < 0.1 ? "%.3f" : Math.abs(value) < 10 ? "%.2f" : "%.1f", value)
                .replaceAll("0+$", "");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
