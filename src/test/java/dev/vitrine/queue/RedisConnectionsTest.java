package dev.vitrine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

class RedisConnectionsTest {

    @TempDir
    Path folder;

    @Test
    void failsNoRequestWithAConnectionThatDiedWithTheServer() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder);
                RedisConnections connections = new RedisConnections(redis.url())) {
            fillThePool(connections);
            assertThat(connections.template().opsForValue().get("k")).isEqualTo("v");
            long first = redis.pid();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            await().until(() -> redis.pid() != first);

            for (int i = 0; i < 20; i++) {
                assertThat(connections.template().opsForValue().get("k")).isEqualTo("v");
            }
        }
    }

    @Test
    void givesUpSoonOnAServerThatAcceptsAndSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                RedisConnections connections = new RedisConnections("redis://127.0.0.1:" + silent.getLocalPort())) {
            long before = System.nanoTime();

            assertThatThrownBy(() -> connections.template().opsForValue().get("k"))
                    .isInstanceOf(DataAccessException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void givesUpSoonOnAServerThatHangsHoweverManyConnectionsLieIdle() throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder);
                RedisConnections connections = new RedisConnections(redis.url())) {
            fillThePool(connections);
            signal(redis, "-STOP");
            long before = System.nanoTime();
            try {
                assertThatThrownBy(() -> connections.template().opsForValue().get("k"))
                        .isInstanceOf(DataAccessException.class);
            } finally {
                signal(redis, "-CONT");
            }

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(connections.template().opsForValue().get("k")).isEqualTo("v");
        }
    }

    private static void signal(EmbeddedRedis redis, String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(redis.pid())).start().waitFor();
    }

    private static void fillThePool(RedisConnections connections) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Void> write = () -> {
                connections.template().opsForValue().set("k", "v");
                return null;
            };
            for (Future<Void> written :
                    threads.invokeAll(Stream.generate(() -> write).limit(100).toList())) {
                written.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
