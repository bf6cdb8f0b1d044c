package dev.vitrine.clip.install;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server with files, which can be told to misbehave. */
public final class FileServer implements AutoCloseable {

    /** A request as it came. */
    public record Request(String path, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, URI> redirects = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Deque<Integer> cuts = new ArrayDeque<>();
    private final Deque<Integer> statuses = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean ranges = true;
    private volatile String tag = "\"one\"";
    private volatile boolean hangs;
    private volatile boolean saysLength = true;

    public FileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public URI address() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    public FileServer put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    FileServer redirect(String path, URI target) {
        redirects.put(path, target);
        return this;
    }

    /** The next answers end after so many bytes each. */
    synchronized FileServer cutAfter(Integer... bytes) {
        Collections.addAll(cuts, bytes);
        return this;
    }

    /** The next answers have these statuses and nothing else. */
    synchronized FileServer answerWith(Integer... codes) {
        Collections.addAll(statuses, codes);
        return this;
    }

    FileServer withoutRanges() {
        ranges = false;
        return this;
    }

    FileServer withoutLength() {
        saysLength = false;
        return this;
    }

    FileServer tag(String value) {
        tag = value;
        return this;
    }

    /** Answers stop in the middle, and the connection stays open. */
    FileServer hang(boolean value) {
        hangs = value;
        return this;
    }

    public List<Request> requests() {
        return requests;
    }

    private synchronized Integer next(Deque<Integer> queue) {
        return queue.poll();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Headers asked = exchange.getRequestHeaders();
        requests.add(new Request(path, Map.copyOf(asked)));
        Integer status = next(statuses);
        URI target = redirects.get(path);
        byte[] content = files.get(path);
        if (status != null) {
            exchange.sendResponseHeaders(status, -1);
        } else if (target != null) {
            exchange.getResponseHeaders().set("Location", target.toString());
            exchange.sendResponseHeaders(302, -1);
        } else if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            send(exchange, content);
        }
        exchange.close();
    }

    private void send(HttpExchange exchange, byte[] content) throws IOException {
        int from = 0;
        String range = exchange.getRequestHeaders().getFirst("Range");
        String condition = exchange.getRequestHeaders().getFirst("If-Range");
        if (tag != null) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        if (ranges && range != null && (condition == null || condition.equals(tag))) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            if (from >= content.length) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, saysLength ? content.length - from : 0);
        Integer cut = next(cuts);
        int length = content.length - from;
        OutputStream body = exchange.getResponseBody();
        body.write(content, from, cut != null ? Math.min(cut, length) : hangs ? length / 2 : length);
        body.flush();
        if (hangs) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
