package dev.vitrine.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The web server of a shop, with what a test puts there. */
public final class PictureServer implements AutoCloseable {

    /** Answers a request. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange request) throws IOException;
    }

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    public PictureServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", request -> {
            requests.incrementAndGet();
            try (request) {
                answers.getOrDefault(request.getRequestURI().getPath(), PictureServer::nothing)
                        .to(request);
            }
        });
        server.start();
    }

    /** Puts a file there. */
    public String put(String path, byte[] content) {
        return put(path, request -> {
            request.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            request.getResponseBody().write(content);
        });
    }

    /** Answers a path with a status and nothing else. */
    public String put(String path, int status) {
        return put(path, request -> request.sendResponseHeaders(status, -1));
    }

    /** Sends whoever asks for a path elsewhere. */
    public String redirect(String path, String location) {
        return put(path, request -> {
            request.getResponseHeaders().add("Location", location);
            request.sendResponseHeaders(302, -1);
        });
    }

    public String put(String path, Answer answer) {
        answers.put(path, answer);
        return url(path);
    }

    public String url(String path) {
        return "http://" + host() + path;
    }

    /** As {@code VITRINE_FETCH_HOSTS} names it. */
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void nothing(HttpExchange request) throws IOException {
        request.sendResponseHeaders(404, -1);
    }
}
