package dev.vitrine.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.SaveMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ShutdownParams;

/**
 * A real Redis server that belongs to one data folder: only this machine reaches it, with a password of its own, and its
 * append-only file is in the folder. A server that dies is started again, on the same port. One that outlived a killed
 * service is shut down in order before the next one starts. Two services cannot share a folder.
 *
 * <p>The server runs in a session of its own: Ctrl-C in the terminal stops the service, which still needs its Redis to
 * hand jobs back, and the service then stops Redis.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final String LOCALHOST = "127.0.0.1";
    private static final int PORT_TRIES = 5;
    private static final Pattern LOG_LINE = Pattern.compile("^(\\d{1,9}):[A-Z] ", Pattern.MULTILINE);

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

    private final Path folder;
    private final Options options;
    private final FileChannel lockFile;
    private final String password;
    private final Path executable;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watch;
    private int port;
    private volatile ProcessHandle server;

    private EmbeddedRedis(Path folder, Options options, FileChannel lockFile) throws IOException {
        this.folder = folder;
        this.options = options;
        this.lockFile = lockFile;
        this.password = newPassword();
        stopOrphan();
        this.executable = options.executable() != null ? options.executable() : RedisBinary.extractInto(folder);
        startOnFreePort();
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
        Path real = Files.createDirectories(folder).toRealPath();
        restrict(real, "rwx------");
        FileChannel lockFile = lock(real);
        try {
            return new EmbeddedRedis(real, options, lockFile);
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
            shutDown(server, port, password);
            Files.deleteIfExists(config());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Redis in " + folder + " was shutting down; it ends by itself", e);
        } finally {
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

    /** The folder is locked, so a server that still runs on it belongs to a service that is gone. */
    private void stopOrphan() throws IOException {
        Optional<ProcessHandle> running = readPid().flatMap(ProcessHandle::of).filter(EmbeddedRedis::isAlive);
        if (running.isEmpty()) {
            return;
        }
        ProcessHandle process = running.get();
        Map<String, String> old = readConfig();
        try {
            int oldPort = Integer.parseInt(old.getOrDefault("port", "0"));
            String oldPassword = old.get("requirepass");
            if (oldPort > 0 && oldPassword != null && servesThisFolder(oldPort, oldPassword)) {
                LOG.info("Redis {} on {} outlived its service; shutting it down in order", process.pid(), folder);
                shutDown(process, oldPort, oldPassword);
                return;
            }
            if (runsFromThisFolder(process)) {
                // It is loading or its configuration is lost. SIGTERM makes Redis write what it has and end.
                LOG.info("Redis {} on {} does not answer; asking it to end", process.pid(), folder);
                process.destroy();
                awaitEnd(process);
            }
            // Any other process has only inherited the number of one that is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while an old Redis in " + folder + " was shutting down", e);
        }
    }

    private boolean servesThisFolder(int port, String password) {
        try (Jedis redis = connect(port, password)) {
            String dir = redis.configGet("dir").get("dir");
            return dir != null && Path.of(dir).toRealPath().equals(folder);
        } catch (JedisException | IOException e) {
            LOG.debug("No Redis of {} at port {}", folder, port, e);
            return false;
        }
    }

    private boolean runsFromThisFolder(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .filter(path -> path.startsWith(folder))
                .isPresent();
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
        writeConfig();
        Files.deleteIfExists(pidFile());
        if (Files.exists(log())) {
            Files.move(log(), folder.resolve("redis.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            Process launcher = launch();
            if (!launcher.waitFor(10, TimeUnit.SECONDS) || launcher.exitValue() != 0) {
                launcher.destroy();
                throw notStarted(lastLines());
            }
            awaitAnswer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Redis in " + folder + " was starting", e);
        }
    }

    private Process launch() throws IOException {
        try {
            return new ProcessBuilder(executable.toString(), config().toString())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.out").toFile())
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
        while (System.nanoTime() < deadline) {
            Optional<ProcessHandle> found = readPid().flatMap(ProcessHandle::of);
            if (found.isPresent() && answers()) {
                server = found.get();
                return;
            }
            if (hasDied()) {
                String log = lastLines();
                throw log.contains("Address already in use") ? new PortTakenException(log) : notStarted(log);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw notStarted("It did not answer within " + options.startTimeout().toSeconds() + " s. " + lastLines());
    }

    /** Redis writes its process id at the head of every line of its log, and the file of the id only once it listens. */
    private boolean hasDied() throws IOException {
        if (!Files.exists(log())) {
            return false;
        }
        Matcher ids = LOG_LINE.matcher(Files.readString(log(), StandardCharsets.ISO_8859_1));
        Optional<Long> last =
                ids.results().reduce((first, second) -> second).map(line -> Long.parseLong(line.group(1)));
        return last.isPresent()
                && ProcessHandle.of(last.get()).filter(EmbeddedRedis::isAlive).isEmpty();
    }

    private boolean answers() {
        try (Jedis redis = connect(port, password)) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            // Not listening yet, or still loading.
            return false;
        }
    }

    private void watch() {
        try {
            while (!closing.await(250, TimeUnit.MILLISECONDS)) {
                if (!isAlive(server)) {
                    LOG.warn("Redis in {} ended unexpectedly; starting it again. Its log: {}", folder, log());
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
                start();
                LOG.info("Redis in {} runs again", folder);
                return;
            } catch (IOException | IllegalStateException e) {
                LOG.error("Cannot start Redis in {} again, next try in {} ms", folder, pause, e);
            }
            if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private static void shutDown(ProcessHandle process, int port, String password)
            throws IOException, InterruptedException {
        try (Jedis redis = connect(port, password)) {
            // Also forces the append-only file to disk.
            redis.shutdown(ShutdownParams.shutdownParams().saveMode(SaveMode.NOSAVE));
        } catch (JedisException e) {
            LOG.debug("The connection ends with the server", e);
        }
        awaitEnd(process);
    }

    private static void awaitEnd(ProcessHandle process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (isAlive(process)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "Redis, process " + process.pid() + ", does not end; look at it before another start");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** A dead process that nobody has waited for, as under a Java that is process 1 of a container, is not alive. */
    private static boolean isAlive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            // No /proc on this system, or the process ended just now, which the next look shows.
            return process.isAlive();
        }
    }

    private static Jedis connect(int port, String password) {
        return new Jedis(
                new HostAndPort(LOCALHOST, port),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis(1_000)
                        .password(password)
                        .build());
    }

    private void writeConfig() throws IOException {
        Files.deleteIfExists(config());
        Files.createFile(config());
        restrict(config(), "rw-------");
        Files.writeString(
                config(),
                String.join(
                        "\n",
                        "# Written anew at every start.",
                        "bind " + LOCALHOST,
                        "port " + port,
                        "requirepass " + password,
                        "daemonize yes",
                        "dir " + quoted(folder),
                        "pidfile " + quoted(pidFile()),
                        "logfile " + quoted(log()),
                        "appendonly yes",
                        "appendfsync " + options.fsync().name().toLowerCase(Locale.ROOT),
                        "aof-load-truncated yes",
                        "save \"\"",
                        "maxmemory-policy noeviction",
                        ""));
    }

    private Map<String, String> readConfig() throws IOException {
        if (!Files.exists(config())) {
            return Map.of();
        }
        try (Stream<String> lines = Files.lines(config())) {
            return lines.map(line -> line.split(" ", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, second) -> second));
        }
    }

    private Optional<Long> readPid() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String text = Files.readString(pidFile()).strip();
        return text.matches("\\d{1,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private String lastLines() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : List.of(folder.resolve("redis.out"), log())) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
                lines.stream().skip(Math.max(0, lines.size() - 10)).forEach(line -> all.append(line)
                        .append('\n'));
            }
        }
        return all.toString().strip();
    }

    private IllegalStateException notStarted(String log) {
        return new IllegalStateException("Redis did not start in " + folder + "; its log says: " + log);
    }

    private Path config() {
        return folder.resolve("redis.conf");
    }

    private Path pidFile() {
        return folder.resolve("redis.pid");
    }

    private Path log() {
        return folder.resolve("redis.log");
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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

    private static void restrict(Path path, String permissions) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private static final class PortTakenException extends IllegalStateException {

        private static final long serialVersionUID = 1;

        PortTakenException(String log) {
            super(log);
        }
    }
}
