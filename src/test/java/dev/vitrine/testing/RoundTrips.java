package dev.vitrine.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between clients and a server on this machine, and keeps what is sent in each round trip: all before an answer. */
public final class RoundTrips implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<StringBuilder> trips = new ArrayList<>();

    /** @param target the server's port */
    public RoundTrips(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Where clients find it. */
    public int port() {
        return listener.getLocalPort();
    }

    /** What was sent, one text for each round trip, in the order in which they began. */
    public List<String> all() {
        synchronized (trips) {
            return trips.stream().map(StringBuilder::toString).toList();
        }
    }

    /** Begins anew. */
    public void forget() {
        synchronized (trips) {
            trips.clear();
        }
    }

    @Override
    public void close() {
        close(listener);
        sockets.forEach(RoundTrips::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Trip trip = new Trip();
                start(() -> pass(client, server, trip::sent));
                start(() -> pass(server, client, text -> trip.answered()));
            } catch (IOException e) {
                // closed, or the server is
            }
        }
    }

    /** Of one connection. */
    private final class Trip {
        private StringBuilder open;

        void sent(String text) {
            synchronized (trips) {
                if (open == null) {
                    open = new StringBuilder();
                    trips.add(open);
                }
                open.append(text);
            }
        }

        void answered() {
            synchronized (trips) {
                open = null;
            }
        }
    }

    @FunctionalInterface
    private interface Passed {
        void see(String text);
    }

    private static void pass(Socket from, Socket to, Passed passed) {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                passed.see(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // the other side closed it
        }
    }

    private static void start(Runnable run) {
        Thread thread = new Thread(run, "round-trips");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }
}
