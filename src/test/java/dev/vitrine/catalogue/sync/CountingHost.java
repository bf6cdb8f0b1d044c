package dev.vitrine.catalogue.sync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A host that counts its connections, not only its requests. */
final class CountingHost implements AutoCloseable {

    /** @param nanos when it came, as of {@link System#nanoTime()} */
    record Request(String path, String head, long nanos) {}

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Connection> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger most = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Function<Request, String> answers;

    /** @param answers the head and body for a request */
    CountingHost(Function<Request, String> answers) {
        this.answers = answers;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** An answer with a body. */
    static String ok(String body, String... headers) {
        return "HTTP/1.1 200 OK\r\n" + lines(headers) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** An answer without a body. */
    static String status(int status, String... headers) {
        return "HTTP/1.1 " + status + " X\r\n" + lines(headers) + "Content-Length: 0\r\n\r\n";
    }

    private static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    String url(String path) {
        return "http://" + name() + path;
    }

    String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** How many connections there were at once, at most. */
    int mostConnections() {
        return most.get();
    }

    List<Request> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Connection connection = new Connection(socket.accept());
                open.removeIf(Connection::isOver);
                open.add(connection);
                most.accumulateAndGet(open.size(), Math::max);
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Connection connection) {
        try {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(connection.socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            Request request = new Request(head.toString().split(" ")[1], head.toString(), System.nanoTime());
            requests.add(request);
            byte[] answer = answers.apply(request).getBytes(StandardCharsets.ISO_8859_1);
            OutputStream out = connection.socket.getOutputStream();
            connection.isAnswered = true; // who has the answer may have hung up before the next statement here
            out.write(answer);
            out.flush();
        } catch (IOException e) {
            // the other side hung up
        } finally {
            connection.isAnswered = true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
        for (Connection connection : open) {
            connection.socket.close();
        }
    }

    /** The other side is the one that ends it, so that nothing is counted as over before it is. */
    private static final class Connection {
        private final Socket socket;
        private volatile boolean isAnswered;

        Connection(Socket socket) {
            this.socket = socket;
        }

        boolean isOver() {
            if (!isAnswered) {
                return false;
            }
            try {
                socket.setSoTimeout(1);
                if (socket.getInputStream().read() >= 0) {
                    return false;
                }
                socket.close();
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }
}
