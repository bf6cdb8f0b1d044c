package dev.vitrine.queue;

import dev.vitrine.testing.Place;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/** The bundled Redis as a site would run it for itself: it stays dead when it is killed, until it is started again. */
public final class RedisServer implements AutoCloseable {
    private final Path folder;
    private final String fsync;
    private final Place place;
    private final int port = RunningVitrine.freePort();
    private final List<String> options = new ArrayList<>();
    private Process process;

    /**
     * @param folder keeps the append-only file
     * @param fsync {@code always}, {@code everysec} or {@code no}
     */
    public RedisServer(Path folder, String fsync) {
        this(folder, fsync, Place.HERE);
    }

    public RedisServer(Path folder, String fsync, Place place) {
        this.folder = folder;
        this.fsync = fsync;
        this.place = place;
    }

    /** The bundled server, put into the folder unless it is there. */
    public static Path executable(Path folder) {
        try {
            return RedisBinary.extractInto(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a user who may do everything; before the start. Others still need no password. */
    public RedisServer withUser(String name, String password) {
        options.addAll(List.of("--user", name, "on", ">" + password, "~*", "&*", "+@all"));
        return this;
    }

    /** Takes commands away, as {@code rename-command} does; before the start. */
    public RedisServer without(String... commands) {
        Stream.of(commands).forEach(command -> options.addAll(List.of("--rename-command", command, "")));
        return this;
    }

    /** Changes a user's password, and closes the user's connections, which would go on otherwise. */
    public void password(String user, String password) {
        try (Jedis redis = connect()) {
            redis.aclSetUser(user, "resetpass", ">" + password);
            redis.sendCommand(Protocol.Command.CLIENT, "KILL", "USER", user);
        }
    }

    /** Starts it, on the same port and folder each time, and returns when it answers. */
    public synchronized RedisServer start() {
        try {
            Path executable = RedisBinary.extractInto(Files.createDirectories(folder));
            List<String> command = new ArrayList<>(List.of(
                    executable.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    place.address(),
                    "--protected-mode",
                    "no",
                    "--dir",
                    folder.toString(),
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    fsync,
                    "--save",
                    ""));
            command.addAll(options);
            process = new ProcessBuilder(place.command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("redis.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("Redis answers").atMost(Duration.ofSeconds(20)).until(this::answers);
        return this;
    }

    /** Ends it without warning; what it wrote to its file so far is there when it starts again. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Lets it accept connections and answer nothing, as a machine that swaps does, until it is resumed or killed. */
    public synchronized void pause() {
        signal("-STOP");
    }

    public synchronized void resume() {
        signal("-CONT");
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

    /** Removes what it keeps on disk; for a server that is not running. */
    public synchronized void loseEverything() {
        Path kept = folder.resolve("appendonlydir");
        try (Stream<Path> files = Files.walk(kept)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://" + place.address() + ":" + port;
    }

    /** A connection of its own, to be closed. */
    public Jedis connect() {
        return new Jedis("127.0.0.1", place.door(port));
    }

    @Override
    public void close() {
        kill();
    }

    private boolean answers() {
        try (Jedis redis = connect()) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            return false;
        }
    }
}
