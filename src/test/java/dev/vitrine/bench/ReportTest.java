package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vitrine.testing.Browser;
import dev.vitrine.testing.BrowserTab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Works on the report of a run that was made once. */
class ReportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void hasTheFieldsThatProgramsRead() throws Exception {
        JsonNode report = JSON.valueToTree(report(recorded()));
        assertNumbers(report.path("throughput"), "products_per_s", "ceiling_per_s", "ratio", "ratio_to_batch_1");
        assertNumbers(report.path("accept"), "p50_ms", "p99_ms", "base_p50_ms", "base_p99_ms", "uploads_per_s");
        for (String index : List.of("lucene", "qdrant")) {
            assertNumbers(
                    report.path("search").path(index),
                    "points",
                    "p50_ms",
                    "p99_ms",
                    "p99_while_indexing_ms",
                    "recall_at_10");
        }
        assertNumbers(
                report.path("search").path("qdrant").path("filtered"),
                "passes",
                "p95_ms",
                "unfiltered_p95_ms",
                "recall_at_10");
        assertNumbers(report.path("start"), "first_accepted_ms");
        assertNumbers(report.path("memory"), "idle_mini_mb", "busy_vit_b32_mb");
        assertNumbers(report.path("growth").path("queue").path(0), "waiting", "job_us");
        assertNumbers(report.path("growth").path("index").path(0), "points", "upserts_per_s", "p99_ms");
        assertNumbers(report.path("noise"), "others", "stolen", "spread");
    }

    @Test
    void judgesEachFigureByItsTarget() throws Exception {
        ObjectNode report = recorded();
        ((ObjectNode) report.path("throughput")).put("ratio", 0.9).put("ratio_to_batch_1", 1.19);
        ((ObjectNode) report.path("search").path("qdrant")).put("p99_ms", 5.1).put("recall_at_10", 0.95);
        List<Report.Line> lines = report(report).lines();
        assertThat(met(lines, "products/s")).isTrue();
        assertThat(met(lines, "  against batch size 1")).isFalse();
        assertThat(met(lines, "search p99, ms: Qdrant, 4,000 points")).isFalse();
        assertThat(met(lines, "  p95, ms, of a filter that 0.1 % pass")).isTrue();
        assertThat(met(lines, "  its recall@10")).isTrue();
        assertThat(lines.get(lines.size() - 1).what()).contains("waiting");
    }

    @Test
    void warnsOfANoisyMachineAndOfWhatWasNotMeasured() throws Exception {
        ObjectNode report = recorded();
        report.put("quick", false);
        report.putObject("noise").put("others", 0.04).put("stolen", 0.01).put("spread", 0.1);
        assertThat(report(report).notices()).isEmpty();
        report.putObject("noise").put("others", 0.06).put("stolen", 0.03).put("spread", 0.2);
        assertThat(report(report).notices())
                .hasSize(3)
                .anyMatch(notice -> notice.contains("other programs took up to 6 %"))
                .anyMatch(notice -> notice.contains("host withheld 3 %"))
                .anyMatch(notice -> notice.contains("20 % apart"));
        ((ObjectNode) report.path("search")).putNull("qdrant");
        assertThat(report(report).notices()).anyMatch(notice -> notice.startsWith("Qdrant was not measured"));
    }

    @Test
    void isAPageThatNeedsNothingButItself() throws Exception {
        String html = new HtmlReport(report(recorded())).html();
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("prefers-color-scheme:dark")
                .doesNotContain(
                        "<script", "<link", "<img", "@import", "url(", "src=", "href=", "://", "NaN", "Infinity");
        for (String title : List.of("Throughput over time", "How many pictures the service encodes at once")) {
            assertThat(html).contains("<h2>" + title + "</h2>");
        }
        assertThat(html.split("<figure>")).hasSize(6);
        assertThat(html).contains("ms, logarithmic").contains("class=\"bar\"");
    }

    @Test
    void drawsEveryPointInsideItsChart() throws Exception {
        String html = new HtmlReport(report(recorded())).html();
        Pattern.compile("points=\"([^\"]+)\"").matcher(html).results().forEach(line -> {
            for (String point : line.group(1).split(" ")) {
                String[] xy = point.split(",");
                assertThat(Double.parseDouble(xy[0])).isBetween(0.0, 720.0);
                assertThat(Double.parseDouble(xy[1])).isBetween(0.0, 280.0);
            }
        });
    }

    @Test
    void isDrawnByABrowser() throws Exception {
        Path page = Files.writeString(folder.resolve("report.html"), new HtmlReport(report(recorded())).html());
        Path picture = folder.resolve("report.png");
        try (Browser browser = Browser.start(folder.resolve("browser"));
                BrowserTab tab = browser.tab()) {
            tab.looksLike(1000, 2400, false);
            tab.open(page.toUri().toString());
            tab.await("document.querySelectorAll('figure').length === 5 && document.readyState === 'complete'");
            tab.screenshot(picture);
            assertThat(tab.problems()).isEmpty();
        }
        assertThat(Files.size(picture)).isGreaterThan(30_000); // an empty page is a tenth of that
    }

    private static boolean met(List<Report.Line> lines, String what) {
        return lines.stream()
                .filter(line -> line.what().equals(what))
                .findFirst()
                .orElseThrow()
                .met();
    }

    private static void assertNumbers(JsonNode part, String... fields) {
        for (String field : fields) {
            assertThat(part.path(field).isNumber()).as(field).isTrue();
        }
    }

    private static ObjectNode recorded() throws IOException {
        try (InputStream in = ReportTest.class.getResourceAsStream("/bench/report.json")) {
            return (ObjectNode) JSON.readTree(in);
        }
    }

    private static Report report(JsonNode json) throws IOException {
        return JSON.treeToValue(json, Report.class);
    }
}
