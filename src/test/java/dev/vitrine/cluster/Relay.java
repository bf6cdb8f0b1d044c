package dev.vitrine.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program on one host of a {@link Network} that connects whoever calls its socket file to a server on another: a file is
 * seen from outside the network, an address is not. The first line of a call names the servers, separated by spaces; the
 * first that takes a connection is taken.
 */
final class Relay {
    private static final int CONNECT_LIMIT_MS = 1_000;

    private Relay() {}

    /** @param arguments the socket file */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(arguments[0])), 512);
            while (true) {
                SocketChannel caller = server.accept();
                Pump.start(() -> serve(caller));
            }
        }
    }

    private static void serve(SocketChannel caller) {
        try (SocketChannel server = connect(readLine(caller).split(" "))) {
            Pump.both(caller, server);
        } catch (IOException e) {
            // Nobody is there; the caller sees its connection close.
        } finally {
            Pump.close(caller);
        }
    }

    private static SocketChannel connect(String[] servers) throws IOException {
        IOException last = null;
        for (String server : servers) {
            SocketChannel channel = SocketChannel.open();
            try {
                int colon = server.lastIndexOf(':');
                channel.socket()
                        .connect(
                                new InetSocketAddress(
                                        server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
                                CONNECT_LIMIT_MS);
                return channel;
            } catch (IOException e) {
                Pump.close(channel);
                last = e;
            }
        }
        throw last;
    }

    private static String readLine(SocketChannel caller) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (caller.read(one) > 0) {
            one.flip();
            char c = (char) one.get();
            if (c == '\n') {
                return line.toString();
            }
            line.append(c);
            one.clear();
        }
        throw new IOException("The call ended before it said where to: " + line);
    }

    /** The line that a call begins with. */
    static ByteBuffer greeting(String servers) {
        return ByteBuffer.wrap((servers + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
