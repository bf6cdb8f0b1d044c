package dev.vitrine.testing;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Speaks TLS for a server on this machine that does not, and asks each client for a certificate. What does not begin with
 * TLS passes as it is.
 */
public final class TlsProxy implements AutoCloseable {
    private static final int HANDSHAKE = 0x16;

    private final SSLContext tls;
    private final int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /**
     * @param tls with the server's key and those whom it trusts
     * @param target the server's port
     */
    public TlsProxy(SSLContext tls, int target) {
        this.tls = tls;
        this.target = target;
        try {
            this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Where clients find it. */
    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        close(server);
        sockets.forEach(TlsProxy::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                sockets.add(client);
                start(() -> serve(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(upstream);
            int first = client.getInputStream().read();
            Socket spoken = client;
            if (first == HANDSHAKE) {
                SSLSocket secure = (SSLSocket) tls.getSocketFactory()
                        .createSocket(client, new ByteArrayInputStream(new byte[] {HANDSHAKE}), true);
                secure.setNeedClientAuth(true);
                secure.startHandshake();
                spoken = secure;
            } else if (first >= 0) {
                upstream.getOutputStream().write(first);
            }
            Socket open = spoken;
            start(() -> copy(upstream, open));
            copy(open, upstream);
        } catch (IOException e) {
            // one side is gone, or the client has shown nothing
        } finally {
            close(client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one side is gone
        } finally {
            close(from);
            close(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tls-proxy");
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
