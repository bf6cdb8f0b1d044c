package dev.vitrine.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real Chromium without a window, with a profile of its own, that reaches nothing but this machine. */
public final class Browser implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path profile;
    private final String devTools;

    private Browser(Path chromium, Path folder) throws IOException {
        profile = folder.resolve("profile");
        Files.createDirectories(folder);
        process = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser.log").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        Awaitility.await("the browser listens")
                .atMost(PATIENCE)
                .until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
        devTools = "http://127.0.0.1:" + Files.readAllLines(port).get(0);
    }

    /** Where one is installed. */
    public static Optional<Path> find() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Arrays.stream(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(entry -> Path.of(entry, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one; a test is skipped with a notice where none is installed.
     *
     * @param folder of the test; gets the profile and the log
     */
    public static Browser start(Path folder) throws IOException {
        Optional<Path> chromium = find();
        assumeTrue(chromium.isPresent(), "no Chromium on the PATH, so nothing is tried in a browser");
        return new Browser(chromium.get(), folder);
    }

    /** Opens a tab that people see, as all others are; it ends with the browser. */
    public BrowserTab tab() throws IOException, InterruptedException {
        HttpRequest ask = HttpRequest.newBuilder(URI.create(devTools + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        JsonNode tab = new ObjectMapper()
                .readTree(http.send(ask, HttpResponse.BodyHandlers.ofString()).body());
        return new BrowserTab(http, URI.create(tab.path("webSocketDebuggerUrl").asText()));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        // It keeps its socket elsewhere, as the path of a profile may be too long for one.
        Path link = profile.resolve("SingletonSocket");
        if (Files.isSymbolicLink(link)) {
            Path socket = Files.readSymbolicLink(link);
            Files.delete(link);
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.resolveSibling("SingletonCookie"));
            Files.deleteIfExists(socket.getParent());
        }
    }
}
