package dev.vitrine.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A network between a client and a server that can be made to fail. */
public final class TcpProxy implements AutoCloseable {

    /** How the network behaves. */
    public enum Mode {
        /** Everything passes. */
        PASS,
        /** Connections are closed, those that are there and new ones. */
        CUT,
        /** Connections are accepted and bytes vanish until the mode changes; then those connections are closed. */
        HANG,
        /** Each piece takes a while. */
        SLOW,
        /** Each piece takes longer than anybody waits. */
        CRAWL
    }

    private static final long SLOW_MILLIS = 150;
    private static final long CRAWL_NANOS = TimeUnit.SECONDS.toNanos(7);

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> fatal = new AtomicReference<>();
    private volatile Mode mode = Mode.PASS;

    /** @param port of the server on this machine */
    public TcpProxy(int port) {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Changes the behaviour; connections that hung or are cut come to an end. */
    public void mode(Mode next) {
        Mode before = mode;
        mode = next;
        if (next == Mode.CUT || before == Mode.HANG && next != Mode.HANG) {
            sockets.forEach(TcpProxy::close);
        }
    }

    /** The next piece from a client with this text in it reaches the server, and the connection ends before the answer. */
    public void loseAnswerTo(String text) {
        fatal.set(text);
    }

    @Override
    public void close() {
        close(server);
        sockets.forEach(TcpProxy::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (mode == Mode.CUT) {
                    close(client);
                    continue;
                }
                sockets.add(client);
                start(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that was gone already
            }
        }
    }

    private void serve(Socket client) {
        try (Socket upstream = new Socket()) {
            upstream.connect(target, 2_000);
            upstream.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            sockets.add(upstream);
            start(() -> copy(upstream, client));
            copy(client, upstream);
            sockets.remove(upstream);
        } catch (IOException e) {
            // The server is away; the client sees its connection close.
        } finally {
            close(client);
            sockets.remove(client);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mode == Mode.SLOW) {
                    TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
                }
                long end = System.nanoTime() + CRAWL_NANOS;
                while (mode == Mode.CRAWL && System.nanoTime() < end) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                if (mode != Mode.HANG) {
                    out.write(buffer, 0, n);
                }
                String text = fatal.get();
                if (text != null
                        && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(text)
                        && fatal.compareAndSet(text, null)) {
                    return;
                }
            }
        } catch (IOException e) {
            // one side is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }
}
