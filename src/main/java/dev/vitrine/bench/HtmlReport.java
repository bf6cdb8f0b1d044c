package dev.vitrine.bench;

import dev.vitrine.bench.Report.Line;
import dev.vitrine.bench.Report.Point;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** A page with the table and charts, in one file without scripts. */
final class HtmlReport {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int MARGIN = 48;
    private static final String[] COLOURS = {"#2563eb", "#9ca3af"};

    private final Report report;

    HtmlReport(Report report) {
        this.report = report;
    }

    /** The page. */
    String html() {
        StringBuilder rows = new StringBuilder();
        for (Line line : report.lines()) {
            rows.append("<tr><td>%s<td>%s<td>%s<td>%s<td>%s<td>%s\n"
                    .formatted(
                            escape(line.what()),
                            line.figure(),
                            line.ceiling(),
                            line.ratio(),
                            escape(line.target()),
                            line.met() ? "met" : "<b>missed</b>"));
        }
        String noise = report.noise() > Noise.TOO_MUCH
                ? "<p><b>Noisy machine:</b> other programs took up to %.0f %% of the processors."
                        .formatted(report.noise() * 100)
                : "";
        return """
                <!doctype html><html lang="en"><meta charset="utf-8"><title>Vitrine: benchmark</title>
                <style>body{font:15px system-ui,sans-serif;max-width:52em;margin:2em auto;padding:0 1em}
                td,th{padding:.2em .8em;text-align:left}table{border-collapse:collapse}tr+tr{border-top:1px solid #ddd}
                svg text{font:12px system-ui,sans-serif;fill:#444}</style>
                <h1>Benchmark</h1><p>%s<br>%s, %.0f s%s</p>%s
                <table><tr><th>figure<th>measured<th>ceiling<th>ratio<th>target<th></tr>
                %s</table>
                <h2>Throughput over time</h2><p>Products a second; grey: the ceiling.</p>%s
                <h2>Time to the 202 while the workers are busy</h2>
                <p>Milliseconds by percentile, logarithmic; grey: the same upload received and dropped.</p>%s
                <h2>The bare loop by batch size</h2><p>Pictures a second.</p>%s
                </html>
                """
                .formatted(
                        escape(report.machine()),
                        report.at(),
                        report.seconds(),
                        report.quick() ? ", short measurements" : "",
                        noise,
                        rows,
                        throughput(),
                        latencies(),
                        batches());
    }

    private String throughput() {
        List<Point> series = report.throughput().series();
        double last = series.isEmpty() ? 1 : series.get(series.size() - 1).x();
        double ceiling = report.throughput().ceiling();
        double top =
                Math.max(ceiling, series.stream().mapToDouble(Point::y).max().orElse(1)) * 1.1;
        DoubleUnaryOperator x = v -> MARGIN + v / last * (WIDTH - 2 * MARGIN);
        DoubleUnaryOperator y = v -> HEIGHT - MARGIN + v / top * (2 * MARGIN - HEIGHT);
        return svg(line(series, x, y, COLOURS[0])
                + line(List.of(new Point(0, ceiling), new Point(last, ceiling)), x, y, COLOURS[1])
                + label(MARGIN - 6, y.applyAsDouble(ceiling), "end", number(ceiling))
                + label(MARGIN - 6, y.applyAsDouble(0), "end", "0")
                + label(WIDTH - MARGIN, HEIGHT - MARGIN + 18, "end", number(last) + " s"));
    }

    private String latencies() {
        List<Point> accepted = report.accept().percentiles();
        List<Point> base = report.accept().basePercentiles();
        double least = Math.max(0.1, Math.min(base.get(0).y(), accepted.get(0).y()));
        double most = Math.max(
                        base.get(base.size() - 1).y(),
                        accepted.get(accepted.size() - 1).y())
                * 1.1;
        int last = accepted.size() - 1;
        List<Double> percentiles = accepted.stream().map(Point::x).toList();
        DoubleUnaryOperator x = v -> MARGIN + (double) percentiles.indexOf(v) / last * (WIDTH - 2 * MARGIN);
        DoubleUnaryOperator y = v ->
                HEIGHT - MARGIN + Math.log(Math.max(v, least) / least) / Math.log(most / least) * (2 * MARGIN - HEIGHT);
        StringBuilder labels = new StringBuilder();
        for (double percentile : percentiles) {
            labels.append(label(x.applyAsDouble(percentile), HEIGHT - MARGIN + 18, "middle", number(percentile)));
        }
        for (double decade = 0.1; decade <= most; decade *= 10) {
            if (decade >= least) {
                labels.append(label(MARGIN - 6, y.applyAsDouble(decade), "end", number(decade)));
            }
        }
        return svg(line(base, x, y, COLOURS[1]) + line(accepted, x, y, COLOURS[0]) + labels);
    }

    private String batches() {
        Map<Integer, Double> ceilings = report.throughput().ceilings();
        double top = ceilings.values().stream().mapToDouble(v -> v).max().orElse(1);
        StringBuilder bars = new StringBuilder();
        int i = 0;
        for (Map.Entry<Integer, Double> bar : ceilings.entrySet()) {
            double height = bar.getValue() / top * (HEIGHT - 2 * MARGIN);
            double left = MARGIN + 120.0 * i++;
            bars.append(format(
                    "<rect x='%.0f' y='%.0f' width='80' height='%.0f' fill='%s'/>",
                    left, HEIGHT - MARGIN - height, height, COLOURS[0]));
            bars.append(label(left + 40, HEIGHT - MARGIN + 18, "middle", "batch " + bar.getKey()));
            bars.append(label(left + 40, HEIGHT - MARGIN - height - 6, "middle", number(bar.getValue())));
        }
        return svg(bars.toString());
    }

    private static String line(List<Point> points, DoubleUnaryOperator x, DoubleUnaryOperator y, String colour) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(format("%.1f,%.1f ", x.applyAsDouble(point.x()), y.applyAsDouble(point.y())));
        }
        return "<polyline fill='none' stroke='" + colour + "' stroke-width='2' points='" + path + "'/>";
    }

    private static String label(double x, double y, String anchor, String text) {
        return format("<text x='%.0f' y='%.0f' text-anchor='%s'>%s</text>", x, y, anchor, escape(text));
    }

    private static String svg(String content) {
        return "<svg viewBox='0 0 " + WIDTH + " " + HEIGHT + "' width='" + WIDTH + "' role='img'>" + content + "</svg>";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : format("%.1f", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
