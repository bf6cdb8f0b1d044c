package dev.vitrine.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A network between a client and a server that can be made to fail. */
public final class TcpProxy extends LocalProxy {

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

    private final AtomicReference<String> fatal = new AtomicReference<>();
    private volatile Mode mode = Mode.PASS;

    /** @param port of the server on this machine */
    public TcpProxy(int port) {
        super(port);
        begin();
    }

    /** Changes the behaviour; connections that hung or are cut come to an end. */
    public void mode(Mode next) {
        Mode before = mode;
        mode = next;
        if (next == Mode.CUT || before == Mode.HANG && next != Mode.HANG) {
            closeConnections();
        }
    }

    /** The next piece from a client with this text in it reaches the server, and the connection ends before the answer. */
    public void loseAnswerTo(String text) {
        fatal.set(text);
    }

    @Override
    boolean isOpen() {
        return mode != Mode.CUT;
    }

    @Override
    void serve(Socket client, Socket server) {
        start(() -> copy(server, client));
        copy(client, server);
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
}
