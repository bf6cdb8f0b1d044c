package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.DocumentPart;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private static final Pattern NAME = Pattern.compile("\\bvitrine_\\w+");
    private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("operations\\.md#(\\w+)");
    private static final Path DEPLOY = Path.of("deploy/prometheus");
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
        Path input = Files.writeString(folder.resolve("metrics"), scraped);
        assertThat(promtool(input, "check", "metrics")).isEmpty();
    }

    @Test
    void theAlertsFireAndEachHasItsTestAndItsRunbook() throws Exception {
        String rules = Files.readString(DEPLOY.resolve("alerts.rules.yml"));
        String tests = Files.readString(DEPLOY.resolve("alerts.test.yml"));
        String operations = Files.readString(Path.of("docs/operations.md"));
        Matcher alerts = ALERT.matcher(rules);
        while (alerts.find()) {
            assertThat(tests).containsSubsequence("alertname: " + alerts.group(1) + "\n", "exp_alerts");
            assertThat(operations).contains(alerts.group(1));
        }
        Matcher runbooks = RUNBOOK.matcher(rules);
        while (runbooks.find()) {
            assertThat(operations.toLowerCase(Locale.ROOT)).contains("### " + runbooks.group(1) + "\n");
        }
        assertThat(promtool(DEPLOY.resolve("alerts.test.yml"), "test", "rules", "alerts.test.yml"))
                .contains("SUCCESS");
        assertThat(promtool(DEPLOY.resolve("prometheus.yml"), "check", "config", "prometheus.yml"))
                .doesNotContain("FAILED");
    }

    @Test
    void theRulesAskForMetricsThatThereAre() throws IOException {
        for (String file : List.of("recording.rules.yml", "alerts.rules.yml")) {
            Matcher names = NAME.matcher(Files.readString(DEPLOY.resolve(file)));
            while (names.find()) {
                // Only a service with HTTPS has a certificate.
                if (!names.group().equals("vitrine_tls_certificate_remaining_seconds")) {
                    assertThat(scraped).containsPattern("(?m)^" + names.group() + "[{ ]");
                }
            }
        }
    }

    /** What promtool prints; it must be content. */
    private static String promtool(Path input, String... arguments) throws Exception {
        Path promtool = Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(MetricsTest::absent);
        List<String> command = new ArrayList<>(List.of(promtool.toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("findings");
        Process check = new ProcessBuilder(command)
                .directory(input.toAbsolutePath().getParent().toFile())
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output);
        assertThat(check.exitValue()).as(said).isZero();
        return said;
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
