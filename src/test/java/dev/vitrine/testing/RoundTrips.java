package dev.vitrine.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Stands between clients and a server on this machine, and keeps what is sent in each round trip: all before an answer. */
public final class RoundTrips extends LocalProxy {
    private final List<StringBuilder> trips = new ArrayList<>();

    /** @param target the server's port */
    public RoundTrips(int target) {
        super(target);
        begin();
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
    void serve(Socket client, Socket server) {
        Trip trip = new Trip();
        start(() -> pass(server, client, text -> trip.answered()));
        pass(client, server, trip::sent);
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
}
