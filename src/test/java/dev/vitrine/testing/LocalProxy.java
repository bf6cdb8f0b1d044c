package dev.vitrine.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between clients and a server on this machine; what it does to what passes is its kinds' to say. */
abstract class LocalProxy implements AutoCloseable {
    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** @param target the server's port */
    LocalProxy(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets clients in; to be called once the proxy is made. */
    final void begin() {
        start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    start(() -> connect(client));
                } catch (IOException e) {
                    // closed, or a client that was gone already
                }
            }
        });
    }

    /** Where clients find it. */
    public final int port() {
        return listener.getLocalPort();
    }

    @Override
    public final void close() {
        close(listener);
        closeConnections();
    }

    final void closeConnections() {
        sockets.forEach(LocalProxy::close);
    }

    /**
     * Lets bytes pass until one side is gone; both are closed then.
     *
     * @param server is connected
     */
    abstract void serve(Socket client, Socket server) throws IOException;

    /** Whether clients are let in just now. */
    boolean isOpen() {
        return true;
    }

    private void connect(Socket client) {
        sockets.add(client);
        try (client) {
            if (!isOpen()) {
                return;
            }
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                sockets.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                serve(client, server);
                sockets.remove(server);
            }
        } catch (IOException e) {
            // the server is away, or one side is gone
        } finally {
            sockets.remove(client);
        }
    }

    static void start(Runnable task) {
        Thread thread = new Thread(task, "local-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // as good as closed
        }
    }
}
