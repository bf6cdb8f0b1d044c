package dev.vitrine.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis server that belongs to one data folder: only this machine reaches it, with a password of its own, and its
 * append-only file is in the folder. A server that dies is started again. Two services cannot share a folder, and no
 * second server starts on a folder while an earlier one may live.
 *
 * <p>The server runs in a session of its own: Ctrl-C in the terminal stops the service, which still needs its Redis to
 * hand jobs back, and the service then stops Redis. Where the service is killed, a {@link RedisGuard} stops Redis in
 * order; where both are killed, the next start on the folder does.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final String LOCALHOST = "127.0.0.1";
    private static final int PORT_TRIES = 5;

    /** How soon what was written is safe from a power cut; a crash of Redis alone loses nothing either way. */
    public enum Fsync {
        /** At most a second of writes is lost. */
        EVERYSEC,
        /** Nothing is lost; every write waits for the disk. */
        ALWAYS
    }

    /**
     * How to run it.
     *
     * @param fsync when the append-only file is forced to disk
     * @param startTimeout how long loading the append-only file may take
     * @param executable a Redis server of your own, 6.2 or newer; null for the bundled one
     */
    public record Options(Fsync fsync, Duration startTimeout, Path executable) {

        /** The bundled server, forced to disk every second, with two minutes to load. */
        public static final Options DEFAULT = new Options(Fsync.EVERYSEC, Duration.ofMinutes(2), null);
    }

    private final RedisFolder folder;
    private final Options options;
    private final FileChannel lockFile;
    private final String password;
    private final Path executable;
    private final RedisGuard guard;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watch;
    private int port;
    private volatile ServerProcess server;

    private EmbeddedRedis(RedisFolder folder, Options options, FileChannel lockFile) throws IOException {
        this.folder = folder;
        this.options = options;
        this.lockFile = lockFile;
        this.password = newPassword();
        EarlierRedis.end(folder);
        this.executable = options.executable() != null ? options.executable() : RedisBinary.extractInto(folder.path());
        this.guard = RedisGuard.start();
        try {
            startOnFreePort();
        } catch (IOException | RuntimeException e) {
            guard.close();
            throw e;
        }
        this.watch = new Thread(this::watch, "embedded-redis-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Starts with {@link Options#DEFAULT}. */
    public static EmbeddedRedis start(Path folder) throws IOException {
        return start(folder, Options.DEFAULT);
    }

    /**
     * Starts the server and returns when it answers, its append-only file loaded.
     *
     * @param folder where the server keeps everything, made where it is missing
     * @throws IllegalStateException when another service uses the folder, when there is no server for this machine, or
     *     when the server does not start; the message says what to do
     */
    public static EmbeddedRedis start(Path folder, Options options) throws IOException {
        RedisFolder files = RedisFolder.make(folder);
        FileChannel lockFile = lock(files.path());
        try {
            return new EmbeddedRedis(files, options, lockFile);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /** Where it listens, password included, as {@link RedisConnections} takes it. */
    public String url() {
        return "redis://:" + password + "@" + LOCALHOST + ":" + port;
    }

    /** The process id of the server that runs now. */
    public long pid() {
        return server.pid();
    }

    /** Shuts the server down with everything written to disk, waits until it has ended, and frees the folder. */
    @Override
    public void close() throws IOException {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        try {
            watch.join();
            access().shutDown(server);
            guard.watchNothing();
            folder.forgetConfig();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Redis in " + folder + " was shutting down; it ends by itself", e);
        } finally {
            guard.close();
            server.close();
            lockFile.close();
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IllegalStateException("Another Vitrine runs on " + folder
                    + ": stop it, or give this one a folder of its own with VITRINE_DATA_DIR");
        }
        return channel;
    }

    private void startOnFreePort() throws IOException {
        for (int tries = 1; ; tries++) {
            port = freePort();
            try {
                start();
                return;
            } catch (PortTakenException e) {
                if (tries == PORT_TRIES) {
                    throw new IllegalStateException(
                            "Found no free port for Redis on " + LOCALHOST + " in " + PORT_TRIES + " tries", e);
                }
            }
        }
    }

    /** Starts the server on {@link #port} and waits until it answers. */
    private void start() throws IOException {
        folder.prepare(port, password, options.fsync().name().toLowerCase(Locale.ROOT));
        try {
            Process launcher = launch();
            if (!launcher.waitFor(10, TimeUnit.SECONDS) || launcher.exitValue() != 0) {
                launcher.destroy();
                throw notStarted(folder.lastLines());
            }
            awaitAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Redis in " + folder + " was starting", e);
        }
    }

    private Process launch() throws IOException {
        try {
            return new ProcessBuilder(executable.toString(), folder.config().toString())
                    .directory(folder.path().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.output().toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot run " + executable + " (" + e.getMessage()
                            + "); where the folder forbids programs (noexec), set VITRINE_REDIS_URL to a Redis of your own",
                    e);
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + options.startTimeout().toNanos();
        ServerProcess started = null;
        try {
            while (System.nanoTime() < deadline) {
                if (started == null) {
                    OptionalLong pid = folder.pid();
                    started = pid.isPresent()
                            ? ServerProcess.find(pid.getAsLong()).orElse(null)
                            : null;
                    if (started != null) {
                        guard.watch(started.pid());
                    }
                }
                if (started != null && access().answers()) {
                    server = started;
                    started = null;
                    return;
                }
                if (hasDied()) {
                    guard.watchNothing();
                    String log = folder.lastLines();
                    throw log.contains("Address already in use") ? new PortTakenException(log) : notStarted(log);
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } finally {
            if (started != null) {
                started.close();
            }
        }
        throw notStarted(
                "It did not answer within " + options.startTimeout().toSeconds() + " s. " + folder.lastLines());
    }

    /** Redis writes its process id at the head of every line of its log, and the file of the id only once it listens. */
    private boolean hasDied() throws IOException {
        Optional<Long> last = folder.lastLoggedPid();
        if (last.isEmpty()) {
            return false;
        }
        Optional<ServerProcess> process = ServerProcess.find(last.get());
        if (process.isPresent()) {
            process.get().close();
        }
        return process.isEmpty();
    }

    private void watch() {
        try {
            while (!closing.await(250, TimeUnit.MILLISECONDS)) {
                if (!server.isAlive()) {
                    guard.watchNothing();
                    LOG.warn("Redis in {} ended unexpectedly; starting it again. Its log: {}", folder, folder.log());
                    restart();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restart() throws InterruptedException {
        for (long pause = 100; ; pause = Math.min(5_000, pause * 2)) {
            try {
                EarlierRedis.end(folder);
                ServerProcess dead = server;
                start();
                dead.close();
                LOG.info("Redis in {} runs again", folder);
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("Cannot start Redis in {} again, next try in {} ms", folder, pause, e);
            }
            if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private RedisAccess access() {
        return new RedisAccess(port, password);
    }

    private IllegalStateException notStarted(String log) {
        return new IllegalStateException("Redis did not start in " + folder + "; its log says: " + log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOCALHOST))) {
            return socket.getLocalPort();
        }
    }

    private static String newPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static final class PortTakenException extends IllegalStateException {

        private static final long serialVersionUID = 1;

        PortTakenException(String log) {
            super(log);
        }
    }
}
