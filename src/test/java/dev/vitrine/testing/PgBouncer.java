package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.opentest4j.TestAbortedException;

/**
 * A real PgBouncer in transaction mode in front of a {@link PostgresServer}: the one on the PATH or where Debian puts it.
 * Where there is none, tests are skipped with a line in the build's output, or fail where {@code
 * VITRINE_TEST_REQUIRE_PGBOUNCER} is {@code true}.
 */
public final class PgBouncer implements AutoCloseable {
    private final int port = FreePort.find();
    private final String url;
    private final Path folder;
    private final Process process;

    private PgBouncer(Path program, PostgresServer server) {
        URI uri = URI.create(server.url().substring("jdbc:".length()));
        String password = uri.getQuery().replaceFirst(".*password=", "");
        url = server.url().replace(":" + uri.getPort() + "/", ":" + port + "/");
        try {
            folder = Files.createTempDirectory("vitrine-pgbouncer");
            Path users = Files.writeString(folder.resolve("users"), "\"vitrine\" \"" + password + "\"\n");
            Path settings = Files.writeString(
                    folder.resolve("pgbouncer.ini"),
                    String.join(
                            "\n",
                            "[databases]",
                            "postgres = host=127.0.0.1 port=" + uri.getPort() + " dbname=postgres",
                            "[pgbouncer]",
                            "listen_addr = 127.0.0.1",
                            "listen_port = " + port,
                            "unix_socket_dir =",
                            "auth_type = scram-sha-256",
                            "auth_file = " + users,
                            "pool_mode = transaction",
                            // Few, so that each client meets connections that others have used; but each of two
                            // processes
                            // that make the schema at once holds one with the lock and needs another.
                            "default_pool_size = 4",
                            "ignore_startup_parameters = extra_float_digits",
                            ""));
            List<String> command = new ArrayList<>();
            if (System.getProperty("user.name").equals("root")) {
                new ProcessBuilder("chown", "-R", "postgres", folder.toString())
                        .start()
                        .waitFor();
                command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
            }
            command.addAll(List.of(program.toString(), settings.toString()));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts one; it may take a moment until it answers. */
    public static PgBouncer start(PostgresServer server) {
        return new PgBouncer(program().orElseThrow(PgBouncer::absent), server);
    }

    /** For {@code VITRINE_HISTORY_URL}. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        FileUtil.removeDir(folder.toFile());
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static RuntimeException absent() {
        String message = "No PgBouncer for the tests: install the package pgbouncer";
        if (Boolean.parseBoolean(System.getenv("VITRINE_TEST_REQUIRE_PGBOUNCER"))) {
            throw new IllegalStateException(message);
        }
        System.out.println("[WARNING] Skipped. " + message);
        return new TestAbortedException(message);
    }
}
