package dev.vitrine.bench;

import dev.vitrine.bench.Report.IndexSearch;
import dev.vitrine.bench.Report.Line;
import dev.vitrine.bench.Report.Point;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A page with the table and charts, in one file without scripts; it asks the network for nothing. */
final class HtmlReport {
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;
            --s1:#1f5fd0;--s2:#b3480f;--s3:#1a7f37;--warn:#fff1cc}
            @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ba7b4;--line:#3b434c;--paper:#0f1419;
            --s1:#79b0ff;--s2:#ffa66b;--s3:#6fdc8c;--warn:#4a3a09}}
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
            color:var(--ink);background:var(--paper)}
            .scroll{overflow-x:auto}table{border-collapse:collapse}
            th,td{padding:.25rem .75rem;text-align:left;border-bottom:1px solid var(--line)}
            td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.sub{padding-left:1.75rem}
            .missed{font-weight:700}.warn{background:var(--warn);padding:.5rem .75rem}
            p,figcaption{color:var(--soft)}p.warn{color:inherit}figure{margin:0 0 2rem}figcaption span{margin-right:1.5rem}
            svg{width:100%;height:auto}svg text{font-size:12px;fill:var(--soft)}
            svg.key{width:24px;height:8px;margin-right:.4rem}
            .grid{stroke:var(--line)}.axis{stroke:var(--soft)}.line{fill:none;stroke-width:2}
            .s1{stroke:var(--s1)}.s2{stroke:var(--s2);stroke-dasharray:6 4}.s3{stroke:var(--s3);stroke-dasharray:2 3}
            .bar{fill:var(--s1)}
            """;

    private final Report report;

    HtmlReport(Report report) {
        this.report = report;
    }

    /** The page. */
    String html() {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Vitrine: benchmark</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>Benchmark</h1>
                <p>%s<br>%s, took %.0f s</p>
                %s<div class="scroll"><table>
                <tr><th>figure<th class="n">measured<th class="n">ceiling<th class="n">ratio<th>target<th></tr>
                %s</table></div>
                %s%s</body>
                </html>
                """
                .formatted(
                        STYLE,
                        escape(report.machine()),
                        escape(report.at()),
                        report.seconds(),
                        notices(),
                        rows(),
                        costs(),
                        figure("Throughput over time", throughput())
                                + figure("Time to the 202 while the workers are busy", acceptance())
                                + figure("Time of a search", search())
                                + figure("How many pictures the service encodes at once", batches())
                                + figure("The bare loop by batch size", ceilings()));
    }

    private String notices() {
        return report.notices().stream()
                .map(notice -> "<p class=\"warn\">" + escape(notice) + "</p>\n")
                .collect(Collectors.joining());
    }

    private String rows() {
        StringBuilder rows = new StringBuilder();
        for (Line line : report.lines()) {
            rows.append("<tr><td%s>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td>%s<td%s</tr>%n"
                    .formatted(
                            line.what().startsWith(" ") ? " class=\"sub\"" : "",
                            escape(line.what().strip()),
                            line.figure(),
                            line.ceiling(),
                            line.ratio(),
                            escape(line.target()),
                            line.met() ? ">met" : " class=\"missed\">missed"));
        }
        return rows.toString();
    }

    private String costs() {
        if (report.costs() == null) {
            return ""; // a report from before they were measured
        }
        StringBuilder rows = new StringBuilder();
        for (Cost cost : report.costs()) {
            rows.append(String.format(
                    Locale.ROOT,
                    "<tr><td%s>%s<td class=\"n\">%.2f<td class=\"n\">%.3f</tr>%n",
                    cost.isWhole() ? "" : " class=\"sub\"",
                            escape(cost.what().strip()),
                            cost.millis(),
                            cost.ratio()));
        }
        return "<h2>Processor time</h2>\n<div class=\"scroll\"><table>\n"
                + "<tr><th>of<th class=\"n\">ms<th class=\"n\">ratio</tr>\n" + rows + "</table></div>\n";
    }

    private static String figure(String title, String chart) {
        return "<h2>" + escape(title) + "</h2>\n<figure>\n" + chart + "</figure>\n";
    }

    private String throughput() {
        List<Point> series = report.throughput().series();
        double last = series.isEmpty() ? 1 : series.get(series.size() - 1).x();
        double ceiling = report.throughput().ceiling();
        return Chart.plain(
                        "Products a second over time, beside the ceiling",
                        "seconds of measurement",
                        "products a second")
                .line("the service", series)
                .line("the bare loop at its best batch size", List.of(new Point(0, ceiling), new Point(last, ceiling)))
                .svg();
    }

    private String acceptance() {
        return Chart.latencies("Milliseconds from when an upload was due to its answer, by percentile")
                .line("upload accepted", report.accept().percentiles())
                .line("same upload taken and dropped", report.accept().basePercentiles())
                .svg();
    }

    private String search() {
        Chart chart = Chart.latencies("Milliseconds from when a search was due to its hits, by percentile")
                .line(
                        name("Lucene", report.search().lucene()),
                        report.search().lucene().percentiles());
        IndexSearch qdrant = report.search().qdrant();
        return (qdrant == null ? chart : chart.line(name("Qdrant", qdrant), qdrant.percentiles())).svg();
    }

    private static String name(String index, IndexSearch search) {
        return String.format(Locale.ROOT, "%s, %,d points", index, search.points());
    }

    private String batches() {
        Map<String, Double> bars = new LinkedHashMap<>();
        new TreeMap<>(report.throughput().batches())
                .forEach((size, count) -> bars.put(Integer.toString(size), (double) count));
        return Chart.bars("Runs of the model by batch size", "pictures in a run of the model", "runs", bars);
    }

    private String ceilings() {
        Map<String, Double> bars = new LinkedHashMap<>();
        new TreeMap<>(report.throughput().ceilings()).forEach((size, rate) -> bars.put(Integer.toString(size), rate));
        return Chart.bars("Pictures a second of the bare loop by batch size", "batch size", "pictures a second", bars);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
