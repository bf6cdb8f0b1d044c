package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.cluster.Machine.Program;
import dev.vitrine.store.ObjectPage.StoredObject;
import dev.vitrine.store.ObjectStore;
import dev.vitrine.store.ObjectStoreException;
import dev.vitrine.store.ObjectStores;
import dev.vitrine.store.S3Settings;
import dev.vitrine.store.StoreAddress;
import dev.vitrine.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An object store on a host of its own, which keeps what it holds in a folder. */
final class ObjectServer implements AutoCloseable {
    private static final int PORT = 9000;
    private static final int LONGEST_MS = 4_000;
    private static final String PREFIX = "shop";

    /** A file that the server was writing when it was killed, which it shows as an object; real stores do not. */
    private static final Pattern UNFINISHED = Pattern.compile(".*\\.(json|img)-[0-9a-f-]{36}");

    /** What was left behind goes when it is a minute old. */
    private static final Duration SWEPT = Duration.ofSeconds(90);

    private final Host host;
    private final Path folder;
    private Process process;

    ObjectServer(Host host, Path folder) {
        this.host = host;
        try {
            this.folder = Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
        await("an object store").atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    /** How the service uses it as its spool. */
    Map<String, String> environment() {
        Map<String, String> environment =
                new HashMap<>(S3Server.environment(URI.create("http://" + host.address() + ":" + PORT)));
        environment.put("VITRINE_SPOOL", "s3://" + S3Server.BUCKET + "/" + PREFIX);
        environment.put("VITRINE_THUMBNAILS", "off"); // so that nothing may be left there
        return environment;
    }

    Machine machine() {
        return new Machine(
                "s3",
                host,
                LONGEST_MS,
                new Program(
                        () -> process.destroyForcibly().onExit().join(),
                        this::start,
                        () -> signal("-STOP"),
                        () -> signal("-CONT")));
    }

    /** The keys of the records of what is owed. */
    List<String> owed() {
        return keys().stream().filter(key -> key.endsWith(".json")).toList();
    }

    /** Waits until the bucket has nothing of the service any more. */
    void assertSwept(long seed) {
        await("the bucket is empty; seed " + seed)
                .atMost(SWEPT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(keys()).isEmpty());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void start() {
        try {
            process = new ProcessBuilder(host.command(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            S3Server.class.getName(),
                            host.address(),
                            Integer.toString(PORT),
                            folder.toString())))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolveSibling("s3.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of more than a thousand that come first. */
    private List<String> keys() {
        try (ObjectStore store = store()) {
            return store.list("", 1_000).objects().stream()
                    .map(StoredObject::key)
                    .filter(key -> !UNFINISHED.matcher(key).matches())
                    .toList();
        }
    }

    private boolean answers() {
        try {
            return keys().isEmpty();
        } catch (ObjectStoreException e) {
            return false;
        }
    }

    private ObjectStore store() {
        Map<String, String> here = S3Server.environment(URI.create("http://127.0.0.1:" + host.door(PORT)));
        return new ObjectStores(S3Settings.read(here))
                .open(
                        "VITRINE_SPOOL",
                        StoreAddress.of("VITRINE_SPOOL", environment().get("VITRINE_SPOOL"))
                                .orElseThrow());
    }

    private void signal(String signal) {
        Network.run(List.of("kill", signal, Long.toString(process.pid())));
    }
}
