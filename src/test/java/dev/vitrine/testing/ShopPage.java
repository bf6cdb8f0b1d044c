package dev.vitrine.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A shop's own page on a port of its own, with the search component: {@code samples/search-page.html}. */
public final class ShopPage implements AutoCloseable {
    private static final String SERVICE = "http://127.0.0.1:8080";

    private final HttpServer server;
    private volatile String service = SERVICE;
    private volatile String key = "";

    /** Serves the page. */
    public ShopPage() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String page = Files.readString(RunningVitrine.HOME.resolve(Path.of("samples", "search-page.html")))
                    .replace(SERVICE, service)
                    .replace("key=\"\"", "key=\"" + key + "\"");
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            boolean isPage = exchange.getRequestURI().getPath().equals("/");
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(isPage ? 200 : 204, isPage ? body.length : -1);
            if (isPage) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    /** As its owner edits it. */
    public void uses(String serviceUrl, String readKey) {
        service = serviceUrl;
        key = readKey;
    }

    /** As a browser names it. */
    public String origin() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
