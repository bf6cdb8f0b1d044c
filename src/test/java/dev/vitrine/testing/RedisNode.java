package dev.vitrine.testing;

import dev.vitrine.queue.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** One process of the bundled Redis among several: a server, a member of a cluster or a sentinel. */
public final class RedisNode implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 1_000;

    private final Path folder;
    private final Place host;
    private final int port;
    private final List<String> options;
    private Process process;

    /**
     * @param folder of its own
     * @param options of its command line, from the configuration's file on; {@code --port} and {@code --bind} are added
     */
    RedisNode(Path folder, Place host, int port, List<String> options) {
        this.folder = folder;
        this.host = host;
        this.port = port;
        this.options = List.copyOf(options);
    }

    /** Starts it, the first time or again on what it kept, and returns when it answers. */
    public synchronized RedisNode start() {
        try {
            List<String> command =
                    new ArrayList<>(List.of(RedisServer.executable(Files.createDirectories(folder.toAbsolutePath()))
                            .toString()));
            command.addAll(options);
            command.addAll(
                    List.of("--port", Integer.toString(port), "--bind", host.address(), "--protected-mode", "no"));
            process = new ProcessBuilder(host.command(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("redis.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("Redis answers at " + address())
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(this::answers);
        return this;
    }

    /** Ends it without warning. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Lets it accept connections and answer nothing until it is resumed or killed. */
    public synchronized void pause() {
        signal("-STOP");
    }

    /** Lets a paused one go on. */
    public synchronized void resume() {
        signal("-CONT");
    }

    /** Where clients find it. */
    public HostAndPort address() {
        return new HostAndPort(host.address(), port);
    }

    /** What {@code VITRINE_REDIS_URL} is to be for it alone. */
    public String url() {
        return "redis://" + address();
    }

    /** A connection of the test's own, to be closed. */
    public Jedis connect() {
        return new Jedis(
                new HostAndPort("127.0.0.1", host.door(port)),
                DefaultJedisClientConfig.builder().timeoutMillis(TIMEOUT_MILLIS).build());
    }

    /** Has it do something, over a connection that is closed then. */
    public void order(Consumer<Jedis> commands) {
        try (Jedis redis = connect()) {
            commands.accept(redis);
        }
    }

    /** Whether it answers and takes writes. */
    public boolean isMaster() {
        return "master".equals(role());
    }

    /** What it says it is: {@code master}, {@code slave} or {@code sentinel}; empty where it does not answer. */
    public String role() {
        try (Jedis redis = connect()) {
            return String.valueOf(redis.role().get(0));
        } catch (JedisException e) {
            return "";
        }
    }

    /** The process's number. */
    public synchronized long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        kill();
    }

    private boolean answers() {
        try (Jedis redis = connect()) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            if (!process.isAlive()) {
                throw new IllegalStateException("Redis ended at its start; see " + folder.resolve("redis.log"), e);
            }
            return false;
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
