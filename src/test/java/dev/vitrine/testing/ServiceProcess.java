package dev.vitrine.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * {@code vitrine start} in a process of its own, from the classes under test, so that it can be stopped, killed and
 * paused as an operating system does it. It can be started again after it has ended, on the same port and folders.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final HttpClient probe = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Path home;
    private final Map<String, String> environment;
    private final List<String> arguments;
    private final Path log;
    private final Place place;
    private int heapMegabytes = 512;
    private Process process;

    /**
     * @param home the installation: {@code routes/} are taken from there
     * @param environment as of {@link RunningVitrine#environment}, port included
     * @param log where its output goes, appended to
     * @param arguments of {@code vitrine start}
     */
    public ServiceProcess(Path home, Map<String, String> environment, Path log, String... arguments) {
        this(home, environment, log, Place.HERE, arguments);
    }

    /**
     * A service at a place of its own; what it listens on is taken from there.
     *
     * @param environment as above; beside the service's settings, what changes how a program runs
     */
    public ServiceProcess(Path home, Map<String, String> environment, Path log, Place place, String... arguments) {
        this.home = home;
        this.environment = new HashMap<>(environment);
        this.environment.putIfAbsent("VITRINE_HTTP_HOST", place.address());
        this.log = log;
        this.place = place;
        this.arguments = List.of(arguments);
    }

    /** Gives it another heap than 512 MB, from its next start on. */
    public ServiceProcess heap(int megabytes) {
        heapMegabytes = megabytes;
        return this;
    }

    /** Starts the process and returns at once. */
    public synchronized ServiceProcess launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dlogback.configurationFile=" + RunningVitrine.HOME.resolve("src/main/resources/logback.xml"),
                "-Dvitrine.home=" + home,
                "-Djava.io.tmpdir=" + temporary(),
                "dev.vitrine.cli.Main",
                "start"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(place.command(command))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VITRINE_"));
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Waits until it takes requests; fails with its log when it ends instead. */
    public ServiceProcess awaitReady() {
        Awaitility.await("service ready")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .failFast(() -> {
                    if (!isAlive()) {
                        throw new IllegalStateException("It ended instead of starting; its log:\n" + log());
                    }
                })
                .until(this::isReady);
        return this;
    }

    /** Whether every part of it is up, as a load balancer would ask. */
    public boolean isReady() {
        try {
            return probe.send(
                                    HttpRequest.newBuilder(URI.create(url() + "/observe/health/ready"))
                                            .timeout(Duration.ofSeconds(15))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Asks it to stop, as an init system does. */
    public synchronized void terminate() {
        process.destroy();
    }

    /** Ends it without warning, as an OOM killer does. */
    public synchronized void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    public void pause() {
        signal("-STOP");
    }

    public void resume() {
        signal("-CONT");
    }

    /**
     * Waits until it has ended.
     *
     * @return its exit status
     */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("It did not end within " + limit + "; its log:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public synchronized long pid() {
        return process.pid();
    }

    /** Where the test reaches it. */
    public String url() {
        return "http://127.0.0.1:" + place.door(port());
    }

    /** The port that it listens on where it runs. */
    public int port() {
        return Integer.parseInt(environment.get("VITRINE_HTTP_PORT"));
    }

    /** Where Java and its libraries put what is to go with the process, beside the log. */
    public Path temporary() {
        try {
            return Files.createDirectories(log.resolveSibling("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many threads it has; Linux only. */
    public int threads() {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            return (int) entries.count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /**
     * How many files and sockets it has open; Linux only. The embedded index counts only with files that it has deleted:
     * how many it has depends on how far its merges are.
     */
    public int openFiles() {
        Path index = Path.of(environment.get("VITRINE_DATA_DIR"), "index");
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return (int) entries.filter(entry -> !isLive(entry, index)).count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static boolean isLive(Path entry, Path folder) {
        try {
            Path file = Files.readSymbolicLink(entry);
            return file.startsWith(folder) && !file.toString().endsWith(" (deleted)");
        } catch (IOException e) {
            return true; // closed meanwhile
        }
    }

    /** The processor time it has used; zero where the system does not say. */
    public synchronized Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What it has written so far. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it where it still runs, and its Redis with it. */
    @Override
    public synchronized void close() {
        if (process == null) {
            return;
        }
        if (process.isAlive()) {
            resume();
            process.destroy();
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    kill();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        killEmbeddedRedis();
    }

    /** A killed service leaves its Redis running, which the next start would end. */
    private void killEmbeddedRedis() {
        String folder = environment.get("VITRINE_DATA_DIR");
        if (folder != null) {
            ProcessHandle.allProcesses()
                    .filter(other -> other.info().command().orElse("").startsWith(folder + File.separator))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private synchronized void signal(String signal) {
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
