package dev.vitrine.testing;

import dev.vitrine.Settings;
import dev.vitrine.Vitrine;
import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/** The whole service in this JVM, on a free port, with a data folder of its own and a tiny model. */
public final class RunningVitrine implements AutoCloseable {
    /** The project's folder. */
    public static final Path HOME = Path.of("").toAbsolutePath();

    /** A complete model that is quick to load and run. */
    public static final Path TINY_MODEL = HOME.resolve("src/test/resources/tiny-clip");

    private final Settings settings;
    private final Vitrine vitrine;
    private final HttpApi api;

    private RunningVitrine(Settings settings) {
        this.settings = settings;
        this.vitrine = Vitrine.start(settings);
        this.api = new HttpApi(settings.http().url());
    }

    /**
     * Starts the service.
     *
     * @param data its data folder
     * @param environment what differs from everything embedded and the tiny model
     */
    public static RunningVitrine start(Path data, Map<String, String> environment) {
        return new RunningVitrine(Settings.load(HOME, environment(data, environment)));
    }

    /**
     * Starts the service with the routes of another installation than the project's.
     *
     * @param home the folder with its {@code routes/} and {@code config/}
     */
    public static RunningVitrine start(Path home, Path data, Map<String, String> environment) {
        return new RunningVitrine(Settings.load(home, environment(data, environment)));
    }

    /**
     * Starts the service on a copy of the project's routes and Kamelets, which the test may change while it runs.
     *
     * @param home a folder of the test; gets {@code routes/}, {@code kamelets/} and {@code data/}
     */
    public static RunningVitrine startOnCopy(Path home, Map<String, String> environment) throws IOException {
        copyRoutes(home);
        return start(home, home.resolve("data"), environment);
    }

    /** Copies the project's routes and Kamelets, without the examples. */
    public static void copyRoutes(Path home) throws IOException {
        ShippedFiles.copy(home);
    }

    /** Replaces a piece of a route file, such as {@code routes/errors.camel.yaml}, that must be in it. */
    public void edit(String file, String from, String to) throws IOException {
        Path path = settings.home().resolve(file);
        String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " does not contain: " + from);
        }
        Files.writeString(path, text.replace(from, to));
    }

    /** What a step changes, and waits until the routes were exchanged because of it. */
    public void reload(ThrowingCallable change) throws Throwable {
        String before = vitrine.routeState().changedAt();
        change.call();
        Awaitility.await("the changed routes run")
                .atMost(Duration.ofSeconds(30))
                .until(() -> vitrine.routeState().status().equals("current")
                        && !Objects.equals(vitrine.routeState().changedAt(), before));
    }

    /** The environment of a service for tests. */
    public static Map<String, String> environment(Path data, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>();
        all.put("VITRINE_DATA_DIR", data.toString());
        all.put("VITRINE_MODEL", TINY_MODEL.toString());
        all.put("VITRINE_MIN_FREE", "1MB");
        // Opening a database takes a second; the tests of the history have one.
        all.put("VITRINE_HISTORY_URL", "none");
        all.put("VITRINE_HTTP_PORT", Integer.toString(freePort()));
        all.putAll(environment);
        return all;
    }

    public static int freePort() {
        return FreePort.find();
    }

    public Settings settings() {
        return settings;
    }

    public Vitrine vitrine() {
        return vitrine;
    }

    public HttpApi api() {
        return api;
    }

    public Path inbox() {
        return settings.intake().inbox();
    }

    /** Waits until a job has the given status. */
    public void awaitStatus(String jobId, String status) {
        Awaitility.await("job " + jobId + " " + status)
                .atMost(Duration.ofSeconds(30))
                .until(() -> api.get("/jobs/" + jobId).text("status").equals(status));
    }

    /** Names of the files that the service keeps for uploads: its spool and its upload folder. */
    public List<String> keptFiles() {
        return Stream.of("spool", "uploads")
                .flatMap(folder -> files(settings.dataDir().resolve(folder)).stream())
                .toList();
    }

    /** Names of the files in a folder and in those below it, sorted; empty where it is missing. */
    public static List<String> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the files in a folder, sorted; empty where it is missing. */
    public static List<String> names(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        vitrine.close();
    }
}
