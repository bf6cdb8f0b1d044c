package dev.vitrine.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Ports of this JVM's loopback address that lead to servers on the hosts of a {@link Network}. */
final class Doors implements AutoCloseable {
    private final Map<List<String>, ServerSocketChannel> open = new HashMap<>();
    private final Path folder;
    private final Path socket;
    private final Process relay;

    /** @param client the host that calls the others */
    Doors(Host client) {
        try {
            folder = Files.createTempDirectory("vitrine-doors");
            socket = folder.resolve("relay");
            relay = new ProcessBuilder(client.command(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Relay.class.getName(),
                            socket.toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("relay").atMost(Duration.ofSeconds(20)).until(() -> Files.exists(socket));
    }

    /**
     * The port that leads to the first of some servers that takes a connection, each connection beginning with another, as
     * a load balancer does it.
     *
     * @param servers {@code address:port}; need not listen yet
     */
    synchronized int to(List<String> servers) {
        try {
            ServerSocketChannel door = open.get(servers);
            if (door == null) {
                door = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
                open.put(List.copyOf(servers), door);
                ServerSocketChannel opened = door;
                Pump.start(() -> accept(opened, servers));
            }
            return ((InetSocketAddress) door.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        relay.destroyForcibly().onExit().join();
        open.values().forEach(Pump::close);
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder.resolve("log"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel door, List<String> servers) {
        AtomicInteger calls = new AtomicInteger();
        while (door.isOpen()) {
            try {
                SocketChannel caller = door.accept();
                Pump.start(() -> lead(caller, turned(servers, calls.getAndIncrement())));
            } catch (IOException e) {
                // closed, or a caller that was gone already
            }
        }
    }

    private void lead(SocketChannel caller, List<String> servers) {
        try (SocketChannel inside = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            inside.write(Relay.greeting(String.join(" ", servers)));
            Pump.both(caller, inside);
        } catch (IOException e) {
            // the network is gone
        } finally {
            Pump.close(caller);
        }
    }

    private static List<String> turned(List<String> servers, int by) {
        List<String> turned = new ArrayList<>(servers);
        Collections.rotate(turned, by);
        return turned;
    }
}
