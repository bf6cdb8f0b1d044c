package dev.vitrine.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A web page on a port of its own, which tries in a browser what it can on a service ({@code foreign-page/page.js}). */
public final class ForeignPage implements AutoCloseable {
    private final HttpServer server;
    private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

    /** Serves the page. */
    public ForeignPage() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, "index.html", "text/html"));
        server.createContext("/page.js", exchange -> answer(exchange, "page.js", "text/javascript"));
        server.createContext("/outcome", exchange -> {
            outcomes.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** As a browser names it. */
    public String origin() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /**
     * Opens the page in a browser and waits until it has tried everything.
     *
     * @param browser gets a tab for it
     * @param about what the page is told: {@code service}, {@code product}, {@code key}
     * @return how each attempt went, by its name
     */
    public JsonNode tryFrom(Browser browser, Map<String, String> about) throws Exception {
        String query = about.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try (BrowserTab tab = browser.tab()) {
            tab.open(origin() + "/?" + query);
            String outcome = outcomes.poll(60, TimeUnit.SECONDS);
            if (outcome == null) {
                throw new IOException("The page told nothing, but complained: " + tab.problems());
            }
            return new ObjectMapper().readTree(outcome);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String file, String type) throws IOException {
        try (InputStream in = ForeignPage.class.getResourceAsStream("/foreign-page/" + file)) {
            byte[] body = in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }
    }
}
