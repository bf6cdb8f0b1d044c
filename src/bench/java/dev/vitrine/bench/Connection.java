package dev.vitrine.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A kept-alive HTTP/1.1 connection on which a thread writes prepared requests and waits for each answer. So plain because
 * it shares the processors with the server that it measures: a client library costs as much as the server's own part.
 */
final class Connection implements AutoCloseable {
    private static final int TIMEOUT_MS = 120_000;

    private final Socket socket;
    private final InputStream in;

    Connection(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** An answer's status and body. */
    record Answer(int status, String body) {}

    /** Sends a request and waits for its answer. */
    Answer send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
                length = -2;
            }
        }
        StringBuilder body = new StringBuilder();
        if (length == -2) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.append(text(size));
                line();
            }
            line();
        } else if (length > 0) {
            body.append(text((int) length));
        }
        return new Answer(status, body.toString());
    }

    private String text(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
    }

    static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A search by words. */
    static byte[] search(String header) {
        String query = "{\"text\": \"green mug\"}";
        return ("POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header
                        + "Content-Type: application/json\r\nContent-Length: " + query.length() + "\r\n\r\n" + query)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
