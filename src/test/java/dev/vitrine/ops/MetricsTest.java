package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.http.keys.ApiKey;
import dev.vitrine.http.keys.KeysFile;
import dev.vitrine.http.keys.Role;
import dev.vitrine.job.FailureKind;
import dev.vitrine.testing.DocumentPart;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
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
    private static final Pattern METRIC = Pattern.compile("\\b(vitrine|camel|jvm|process|system)_\\w+(?=\\{)");
    private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("operations\\.md#(\\w+)");
    private static final Path DEPLOY = Path.of("deploy/prometheus");
    private static final String SECRET = "whsec_" + "QUJD".repeat(11);

    private static final List<String> PATHS =
            List.of("/", "/docs", "/openapi.json", "/stats", "/routes", "/jobs", "/products", "/observe/metrics");

    /** Of a process with all there is to be had but routes of a site's own and TLS, which adds three. */
    private static final int MOST_SERIES = 500 - 3 - 11;

    @TempDir
    private static Path folder;

    private static String scraped;

    @BeforeAll
    static void work() throws IOException {
        KeysFile keys = new KeysFile(folder.resolve("keys.json"));
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            shown.add(ApiKey.random());
            keys.add(ApiKey.of(shown.get(i), "shop-" + i, Role.WRITE, List.of(), Instant.now(), null));
        }
        try (RunningVitrine service = RunningVitrine.start(
                folder.resolve("data"),
                Map.of(
                        "VITRINE_HISTORY_URL", "embedded",
                        "VITRINE_CALLBACK_HOSTS", "127.0.0.1",
                        "VITRINE_CALLBACK_SECRETS", SECRET,
                        "VITRINE_COLLECTIONS", "one,two,three",
                        "VITRINE_API_KEY", "a-key-of-the-operator",
                        "VITRINE_KEYS_FILE", keys.path().toString()))) {
            HttpApi operator = service.api().with("X-API-Key", "a-key-of-the-operator");
            for (int i = 0; i < 25; i++) {
                HttpApi shop = service.api().with("X-API-Key", shown.get(i));
                String job = shop.upload("p" + i, Pictures.jpeg(i)).text("job_id");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> shop.get("/jobs/" + job).text("status").equals("completed"));
                shop.get("/products/p" + i);
                shop.get("/products/p" + i + "/similar");
            }
            operator.searchByPicture(Pictures.jpeg(1));
            operator.postJson("/search", "{\"text\":\"a mug\"}");
            for (String path : PATHS) {
                operator.get(path);
            }
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
    void areThereFromTheStartForEachReason() {
        for (FailureKind kind : FailureKind.values()) {
            for (String what : List.of("failed", "retried")) {
                assertThat(scraped)
                        .contains("vitrine_queue_" + what + "_total{queue=\"vitrine\",reason=\"" + kind.label()
                                + "\"} 0.0\n");
            }
        }
        assertThat(scraped).contains("vitrine_jobs_accepted_total{path=\"sync\"} 0.0\n");
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

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws Exception {
        Set<String> names = new Scrape(scraped, Duration.ZERO).names();
        assertThat(DashboardTest.expressions()).hasSizeGreaterThan(20);
        for (String query : DashboardTest.expressions().values()) {
            assertThat(METRIC.matcher(query).results().map(MatchResult::group))
                    .as(query)
                    .isNotEmpty()
                    .allMatch(names::contains);
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
