package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/**
 * A real Prometheus for tests, with the rules of {@code deploy/prometheus}: the one on the PATH. It looks twice a second, and
 * what the rules count in minutes it counts in seconds.
 *
 * <p>Where there is none, tests are skipped with a line in the build's output, or fail where {@code
 * VITRINE_TEST_REQUIRE_PROMTOOL} is {@code true}: both come in one package.
 */
public final class PrometheusServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path RULES = Path.of("deploy/prometheus");

    private final Process process;
    private final String url;

    private PrometheusServer(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it.
     *
     * @param folder for its data
     * @param targets URLs of services to scrape, each by the job that it is
     * @param patience replaces the times and thresholds of the rules, each a text of the rules by what it is to be
     */
    public static PrometheusServer start(Path folder, Map<String, String> targets, Map<String, String> patience)
            throws IOException {
        Path program = program();
        Files.createDirectories(folder);
        for (String file : List.of("recording.rules.yml", "alerts.rules.yml")) {
            String rules = Files.readString(RULES.resolve(file)).replaceAll("for: \\d+m", "for: 0s");
            for (Map.Entry<String, String> change : patience.entrySet()) {
                rules = rules.replace(change.getKey(), change.getValue());
            }
            Files.writeString(folder.resolve(file), rules);
        }
        StringBuilder configuration = new StringBuilder(
                """
                global: { scrape_interval: 500ms, evaluation_interval: 500ms }
                rule_files: [recording.rules.yml, alerts.rules.yml]
                scrape_configs:
                """);
        targets.forEach((job, target) -> configuration.append(
                """
                  - job_name: %s
                    scheme: %s
                    tls_config: { insecure_skip_verify: true }
                    metrics_path: /observe/metrics
                    static_configs: [{ targets: ["%s"] }]
                """
                        .formatted(
                                job,
                                URI.create(target).getScheme(),
                                URI.create(target).getAuthority())));
        Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        int port = FreePort.find();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        PrometheusServer server = new PrometheusServer(process, "http://127.0.0.1:" + port);
        try {
            Awaitility.await("Prometheus answers")
                    .atMost(Duration.ofSeconds(30))
                    .failFast(() -> !process.isAlive())
                    .until(server::isReady);
        } catch (RuntimeException e) {
            server.close();
            throw new IllegalStateException(Files.readString(folder.resolve("log")), e);
        }
        return server;
    }

    /** Whether an alert fires with these labels, among others. */
    public boolean fires(String alert, Map<String, String> labels) {
        for (JsonNode each : get("/api/v1/alerts").path("data").path("alerts")) {
            boolean same = each.path("state").asText().equals("firing")
                    && each.path("labels").path("alertname").asText().equals(alert)
                    && labels.entrySet().stream().allMatch(label -> each.path("labels")
                            .path(label.getKey())
                            .asText()
                            .equals(label.getValue()));
            if (same) {
                return true;
            }
        }
        return false;
    }

    /** The results of a query that are numbers. */
    public List<JsonNode> query(String expression) {
        JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + ": " + answer.path("error").asText());
        }
        List<JsonNode> results = new ArrayList<>();
        for (JsonNode result : answer.path("data").path("result")) {
            if (!result.path("value").path(1).asText().equals("NaN")) {
                results.add(result);
            }
        }
        return results;
    }

    private boolean isReady() {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create(url + "/-/ready"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (ConnectException e) {
            return false;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode get(String path) {
        try {
            return JSON.readTree(
                    HTTP.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(place -> Path.of(place, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> {
                    String message = "No Prometheus for the tests: install the package prometheus";
                    if (Boolean.parseBoolean(System.getenv("VITRINE_TEST_REQUIRE_PROMTOOL"))) {
                        throw new IllegalStateException(message);
                    }
                    System.out.println("[WARNING] Skipped. " + message);
                    return new TestAbortedException(message);
                });
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
