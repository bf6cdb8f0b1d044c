package dev.vitrine.bench;

import dev.vitrine.index.IndexSettings;
import dev.vitrine.servers.FreePort;
import dev.vitrine.servers.QdrantProgram;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A Qdrant server that is there, or a {@code qdrant} on the path that is started; in it a collection of our own. */
final class QdrantHost implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 250;
    private static final int GREEN_IN_A_ROW = 4;
    private static final int DEFAULT_PORT = 6334;

    private final String url;
    private final String apiKey;
    private final String collection = "vitrine-bench-" + UUID.randomUUID();
    private final Process process;
    private final QdrantClient client;

    private QdrantHost(String url, String apiKey, Process process) {
        this.url = url;
        this.apiKey = apiKey;
        this.process = process;
        URI uri = URI.create(url);
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forAddress(uri.getHost(), port);
        ManagedChannel channel = ("https".equals(uri.getScheme()) ? builder : builder.usePlaintext()).build();
        QdrantGrpcClient.Builder grpc = QdrantGrpcClient.newBuilder(channel, true, false);
        this.client = new QdrantClient(
                apiKey == null || apiKey.isBlank()
                        ? grpc.build()
                        : grpc.withApiKey(apiKey).build());
    }

    /**
     * Finds a server: the one at the URL, else a program named {@code qdrant} on the path.
     *
     * @param url null, or what is no URL, where none is known
     * @param folder where a server that is started keeps its data
     */
    static Optional<QdrantHost> find(String url, String apiKey, Path folder) throws InterruptedException {
        if (url != null && url.startsWith("http")) {
            return Optional.of(new QdrantHost(url, apiKey, null)).map(QdrantHost::ready);
        }
        return QdrantProgram.onPath().map(program -> start(program, folder));
    }

    private static QdrantHost start(QdrantProgram program, Path folder) {
        try {
            int grpc = FreePort.find();
            Process process = program.start(folder, FreePort.find(), grpc, Map.of());
            return new QdrantHost("http://127.0.0.1:" + grpc, null, process).ready();
        } catch (IOException e) {
            throw new BenchException("Qdrant cannot be started: " + e.getMessage(), e);
        }
    }

    private QdrantHost ready() {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                client.healthCheckAsync(Duration.ofSeconds(2)).get();
                return this;
            } catch (ExecutionException e) {
                if (System.nanoTime() > end || process != null && !process.isAlive()) {
                    close();
                    throw new BenchException("Qdrant at " + url + " does not answer", e.getCause());
                }
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new BenchException("Interrupted while Qdrant started", e);
            }
            sleep();
        }
    }

    /** Settings of an index in the collection of our own. */
    IndexSettings settings() {
        return new IndexSettings(url, apiKey, collection, null, Duration.ofSeconds(30))
                .withFilterFields(FilterBench.FIELDS);
    }

    /** Returns when the server has indexed what it took, or when it has had time enough for that. */
    void awaitIndexed(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        int green = 0;
        while (green < GREEN_IN_A_ROW && System.nanoTime() < end) {
            sleep();
            try {
                CollectionStatus status =
                        client.getCollectionInfoAsync(collection).get().getStatus();
                green = status == CollectionStatus.Green ? green + 1 : 0;
            } catch (ExecutionException e) {
                throw new BenchException("Qdrant does not tell how far it is", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("Interrupted while Qdrant indexed", e);
            }
        }
    }

    /** Resident memory in MB of a server that was started here. */
    Optional<Double> residentMegabytes() {
        return Optional.ofNullable(process).flatMap(server -> Machine.residentMegabytes(server.pid()));
    }

    @Override
    public void close() {
        try {
            if (process == null) {
                client.deleteCollectionAsync(collection).get(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // It was never made, or the server is away; its name tells what it was.
        } finally {
            client.close();
            if (process != null) {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted", e);
        }
    }
}
