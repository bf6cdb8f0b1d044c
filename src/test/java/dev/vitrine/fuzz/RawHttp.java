package dev.vitrine.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends bytes to a server as they are, one connection each, and tells what came back. */
final class RawHttp {
    /** The connection was closed without an answer. */
    static final int CLOSED = 0;

    /** Nothing came within the time. */
    static final int HANGS = -1;

    private static final int PATIENCE_MILLIS = 10_000;

    /** How long the sender of half a request waits for an answer to it. */
    private static final int GIVEN_UP_MILLIS = 100;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private final InetSocketAddress address;

    RawHttp(String url) {
        URI uri = URI.create(url);
        this.address = new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        return socket;
    }

    /** A request with a body. */
    static byte[] request(String line, String headers, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes((line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /**
     * Sends a request and reads until the server closes.
     *
     * @param whole whether it is as long as it says; one that may not be is ended by the client where no answer comes
     * @return the greatest status of all answers, so that a 500 behind a 400 is seen; or {@link #CLOSED} or {@link #HANGS}
     */
    int send(byte[] request, boolean whole) throws IOException {
        try (Socket socket = connect()) {
            try {
                socket.getOutputStream().write(request);
            } catch (IOException refused) {
                // answered before all was sent
            }
            ByteArrayOutputStream answers = new ByteArrayOutputStream();
            if (!whole && !readUntilClosed(socket, GIVEN_UP_MILLIS, answers)) {
                socket.shutdownOutput();
            }
            return readUntilClosed(socket, PATIENCE_MILLIS, answers) ? greatest(answers) : HANGS;
        }
    }

    private static boolean readUntilClosed(Socket socket, int patience, ByteArrayOutputStream answers) {
        try {
            socket.setSoTimeout(patience);
            socket.getInputStream().transferTo(answers);
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            // closed, too
        }
        return true;
    }

    private static int greatest(ByteArrayOutputStream answers) {
        Matcher status = STATUS.matcher(answers.toString(StandardCharsets.ISO_8859_1));
        int greatest = CLOSED;
        while (status.find()) {
            greatest = Math.max(greatest, Integer.parseInt(status.group(1)));
        }
        return greatest;
    }
}
