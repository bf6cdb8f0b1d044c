package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.opentest4j.TestAbortedException;

/**
 * A real PostgreSQL server for tests, on a free port of 127.0.0.1 with data of its own: the one whose {@code initdb} is on
 * the PATH or where Debian puts it. It refuses to run as root, who lets the user {@code postgres} run it instead.
 *
 * <p>Where there is none, tests are skipped with a line in the build's output, or fail where {@code
 * VITRINE_TEST_REQUIRE_POSTGRES} is {@code true}.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String PASSWORD = "of-the-test";

    private final Path programs;
    private final Path folder;
    private final int port = FreePort.find();
    private final String durability;

    private PostgresServer(Path programs, String durability) {
        this.programs = programs;
        this.durability = durability;
        try {
            folder = Files.createTempDirectory("vitrine-postgres");
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            if (isRoot()) {
                run("chown", "-R", "postgres", folder.toString());
            }
            asItsUser(
                    "initdb",
                    "-D",
                    data(),
                    "-U",
                    "vitrine",
                    "--pwfile",
                    password.toString(),
                    "-A",
                    "scram-sha-256",
                    "-N",
                    "-E",
                    "UTF8",
                    "--locale",
                    "C");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with an empty database. */
    public static PostgresServer start() {
        PostgresServer server = create();
        server.up();
        return server;
    }

    /** A server that is not running yet. */
    public static PostgresServer create() {
        return new PostgresServer(programs().orElseThrow(PostgresServer::absent), " -c fsync=off");
    }

    /** Starts a server where there is one. */
    public static Optional<PostgresServer> startIfThere() {
        try {
            return Optional.of(start());
        } catch (TestAbortedException e) {
            return Optional.empty();
        }
    }

    /** Starts a server that waits for its disk, as a site's does; for measurements. */
    public static PostgresServer startDurable() {
        PostgresServer server = new PostgresServer(
                programs().orElseThrow(PostgresServer::absent),
                " -c shared_buffers=512MB -c max_wal_size=4GB -c maintenance_work_mem=256MB");
        server.up();
        return server;
    }

    /** For {@code VITRINE_HISTORY_URL}. */
    public String url() {
        return url(PASSWORD);
    }

    /** The same with another password. */
    public String url(String password) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=vitrine&password=" + password;
    }

    /** Starts it on its data. */
    public void up() {
        asItsUser(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + durability,
                "start");
    }

    /** Ends it without warning. */
    public void kill() {
        asItsUser("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (IllegalStateException e) {
            // it is not running
        }
        FileUtil.removeDir(folder.toFile());
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void asItsUser(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private void run(String... command) {
        try {
            Path output = folder.resolve("output");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> programs() {
        Stream<Path> places = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                places = Stream.concat(places, versions.map(version -> version.resolve("bin")).toList().stream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst();
    }

    private static RuntimeException absent() {
        String message = "No PostgreSQL for the tests: install the package postgresql";
        if (Boolean.parseBoolean(System.getenv("VITRINE_TEST_REQUIRE_POSTGRES"))) {
            throw new IllegalStateException(message);
        }
        System.out.println("[WARNING] Skipped. " + message);
        return new TestAbortedException(message);
    }
}
