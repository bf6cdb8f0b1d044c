package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.DocumentPart;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What a Prometheus server reads of a service that has worked. */
class MetricsTest {
    private static final Pattern HELP = Pattern.compile("# HELP (vitrine_\\w+) (.+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (vitrine_\\w+) (\\w+)");
    private static final int MOST_SERIES = 500;

    @TempDir
    private static Path folder;

    private static String scraped;

    @BeforeAll
    static void work() {
        try (RunningVitrine service =
                RunningVitrine.start(folder.resolve("data"), Map.of("VITRINE_HISTORY_URL", "embedded"))) {
            for (int i = 0; i < 3; i++) {
                String job = service.api().upload("p" + i, Pictures.jpeg(i)).text("job_id");
                service.awaitStatus(job, "completed");
            }
            service.api().searchByPicture(Pictures.jpeg(1));
            scraped = service.api().get("/observe/metrics").response().body();
        }
    }

    @AfterAll
    static void forget() {
        scraped = null;
    }

    @Test
    void areFewWhateverTheCatalogue() {
        List<String> series =
                scraped.lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(series).hasSizeBetween(50, MOST_SERIES);
    }

    @Test
    void followTheRulesOfPrometheus() throws Exception {
        Path promtool = Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(MetricsTest::absent);
        Path input = Files.writeString(folder.resolve("metrics"), scraped);
        Path output = folder.resolve("findings");
        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output).lines().distinct()).isEmpty();
        assertThat(check.exitValue()).isZero();
    }

    @Test
    void areAllInTheOperatorsTable() throws IOException {
        Map<String, String> help = new TreeMap<>();
        Matcher helps = HELP.matcher(scraped);
        while (helps.find()) {
            help.put(helps.group(1), helps.group(2));
        }
        Matcher types = TYPE.matcher(scraped);
        StringBuilder table = new StringBuilder("| metric | kind | what it says |\n| --- | --- | --- |\n");
        TreeMap<String, String> rows = new TreeMap<>();
        while (types.find()) {
            if (!types.group(1).endsWith("_max")) {
                rows.put(
                        types.group(1),
                        "| `" + types.group(1) + "` | " + types.group(2) + " | " + help.get(types.group(1)) + " |\n");
            }
        }
        table.append(rows.values().stream().collect(Collectors.joining()));
        new DocumentPart("docs/operations.md", "metrics").assertIs(table.toString());
    }

    private static RuntimeException absent() {
        String message = "No promtool for the tests: install the package prometheus";
        if (Boolean.parseBoolean(System.getenv("VITRINE_TEST_REQUIRE_PROMTOOL"))) {
            throw new IllegalStateException(message);
        }
        System.out.println("[WARNING] Skipped. " + message);
        return new TestAbortedException(message);
    }
}
