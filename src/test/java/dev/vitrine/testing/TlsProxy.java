package dev.vitrine.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Speaks TLS for a server on this machine that does not, and asks each client for a certificate. What does not begin with
 * TLS passes as it is.
 */
public final class TlsProxy extends LocalProxy {
    private static final int HANDSHAKE = 0x16;

    private final SSLContext tls;

    /**
     * @param tls with the server's key and those whom it trusts
     * @param target the server's port
     */
    public TlsProxy(SSLContext tls, int target) {
        super(target);
        this.tls = tls;
        begin();
    }

    @Override
    void serve(Socket client, Socket upstream) throws IOException {
        int first = client.getInputStream().read();
        Socket spoken = client;
        if (first == HANDSHAKE) {
            SSLSocket secure = (SSLSocket)
                    tls.getSocketFactory().createSocket(client, new ByteArrayInputStream(new byte[] {HANDSHAKE}), true);
            secure.setNeedClientAuth(true);
            secure.startHandshake();
            spoken = secure;
        } else if (first >= 0) {
            upstream.getOutputStream().write(first);
        }
        Socket open = spoken;
        start(() -> copy(upstream, open));
        copy(open, upstream);
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
}
