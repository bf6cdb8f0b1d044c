package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A tab of a browser, driven by its DevTools protocol, that notes what goes wrong in the page and what it asks for. */
public final class BrowserTab implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    BrowserTab(HttpClient http, URI address) {
        socket = http.newWebSocketBuilder().buildAsync(address, new Listener()).join();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
        send("Emulation.setFocusEmulationEnabled", Map.of("enabled", true)); // so that it counts as looked at
    }

    /** Looks as on a screen of that width, in the theme that is asked for. */
    public void looksLike(int width, int height, boolean dark) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public void open(String url) {
        send("Page.navigate", Map.of("url", url));
    }

    /** Runs a script in every page that is opened from now on, before the page's own. */
    public void before(String script) {
        send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    /** The value of an expression in the page, where it is a promise the promised one. */
    public JsonNode value(String expression) {
        JsonNode answer =
                send("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": "
                    + answer.path("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText());
        }
        return answer.path("result").path("value");
    }

    /** The text that the first element of a selector shows. */
    public String text(String selector) throws IOException {
        return value("document.querySelector(" + JSON.writeValueAsString(selector) + ").innerText")
                .asText();
    }

    /** Presses the first element of a selector. */
    public void click(String selector) throws IOException {
        value("document.querySelector(" + JSON.writeValueAsString(selector) + ").click()");
    }

    /** Waits until an expression in the page, or what it promises, is true. */
    public void await(String expression) {
        await(expression, Browser.PATIENCE);
    }

    /** Waits so long at most. */
    public void await(String expression, Duration atMost) {
        Awaitility.await(expression)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> value("Promise.resolve(" + expression + ").then(Boolean)")
                        .asBoolean());
    }

    /** Waits until the page shows a text. */
    public void awaitText(String text) throws IOException {
        await("document.body.innerText.includes(" + JSON.writeValueAsString(text) + ")");
    }

    /** Picks a file in an input as a person would. */
    public void give(String input, String name, byte[] content) throws IOException {
        value("(() => {"
                + "const input = document.querySelector(" + JSON.writeValueAsString(input) + ");"
                + "const bytes = Uint8Array.from(atob('"
                + Base64.getEncoder().encodeToString(content) + "'), (c) => c.charCodeAt(0));"
                + "const files = new DataTransfer();"
                + "files.items.add(new File([bytes], " + JSON.writeValueAsString(name)
                + ", {type: 'image/png', lastModified: 1}));"
                + "input.files = files.files;"
                + "input.dispatchEvent(new Event('change'));"
                + "})()");
    }

    /** A picture of what is seen, as a PNG. */
    public void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JsonNode picture = send("Page.captureScreenshot", Map.of()).path("data");
        Files.write(file, Base64.getDecoder().decode(picture.asText()));
    }

    /** Bytes of JavaScript's heap that are in use, once what is not needed is collected. */
    public long heapBytes() {
        send("HeapProfiler.collectGarbage", Map.of());
        return send("Runtime.getHeapUsage", Map.of()).path("usedSize").asLong();
    }

    /** What the page complained of: errors in the console, exceptions, violations of its policy. */
    public List<String> problems() {
        return problems;
    }

    /** The addresses that the page asked for. */
    public List<String> requests() {
        return requests;
    }

    private JsonNode send(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        try {
            String message = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
            socket.sendText(message, true).join();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
        return answer.orTimeout(Browser.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void received(JsonNode message) {
        JsonNode about = message.path("params");
        switch (message.path("method").asText()) {
            case "Log.entryAdded" -> {
                if (about.path("entry").path("level").asText().equals("error")) {
                    problems.add(about.path("entry").path("text").asText() + " "
                            + about.path("entry").path("url").asText());
                }
            }
            case "Runtime.exceptionThrown" ->
                problems.add(about.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (about.path("type").asText().equals("error")) {
                    problems.add(about.path("args").toString());
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(about.path("request").path("url").asText());
            default ->
                Optional.ofNullable(answers.remove(message.path("id").asInt()))
                        .ifPresent(answer -> answer.complete(message.path("result")));
        }
    }

    /** Closes the tab. */
    @Override
    public void close() {
        socket.sendText("{\"id\":0,\"method\":\"Page.close\"}", true).join();
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    received(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    problems.add(e.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
