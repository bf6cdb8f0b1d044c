package dev.vitrine.servers;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Qdrant server as a program.
 *
 * @param file the executable
 */
public record QdrantProgram(Path file) {
    /** What the server writes, in its folder. */
    public static final String LOG = "qdrant.log";

    /** The program named {@code qdrant} on the path. */
    public static Optional<QdrantProgram> onPath() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, "qdrant"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(QdrantProgram::new);
    }

    /**
     * Starts a server on the loopback address; it need not answer yet.
     *
     * @param folder where it keeps its data and its log; made where it is missing
     * @param environment what else it is told
     */
    public Process start(Path folder, int httpPort, int grpcPort, Map<String, String> environment)
            throws IOException {
        return prepare(folder, httpPort, grpcPort, environment).start();
    }

    /** The same, not started yet, for callers that change how. */
    public ProcessBuilder prepare(Path folder, int httpPort, int grpcPort, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder(file.toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve(LOG).toFile()));
        builder.environment()
                .putAll(Map.of(
                        "QDRANT__SERVICE__HOST", "127.0.0.1",
                        "QDRANT__SERVICE__HTTP_PORT", Integer.toString(httpPort),
                        "QDRANT__SERVICE__GRPC_PORT", Integer.toString(grpcPort),
                        "QDRANT__TELEMETRY_DISABLED", "true",
                        "QDRANT__STORAGE__STORAGE_PATH", folder.resolve("storage").toString(),
                        "QDRANT__STORAGE__SNAPSHOTS_PATH",
                                folder.resolve("snapshots").toString()));
        builder.environment().putAll(environment);
        return builder;
    }
}
