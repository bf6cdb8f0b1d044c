package dev.vitrine.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a test's Redis process runs.
 *
 * @param address that it listens at and tells others
 * @param launcher what stands before its command, such as {@code ip netns exec NAME}; empty for this machine itself
 */
public record RedisHost(String address, List<String> launcher) {

    /** This machine's loopback address. */
    public static final RedisHost LOCAL = new RedisHost("127.0.0.1", List.of());

    /** Below those that systems give to outgoing connections, which would take them before a server is started. */
    private static final int LOWEST_PORT = 10_000;

    private static final int HIGHEST_PORT = 32_000;

    /** A port that nothing on this machine has just now, and that no connection will be given. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException e) {
                // another one has it
            }
        }
    }
}
