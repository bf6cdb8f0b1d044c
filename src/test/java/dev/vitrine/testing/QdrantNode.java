package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import dev.vitrine.servers.QdrantProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process of a {@link QdrantCluster}. */
public final class QdrantNode implements AutoCloseable {
    private final Place place;
    private final int peerPort;
    private final String peerUrl;
    private final String bootstrap;
    private final int httpPort = FreePort.findLasting();
    private final int grpcPort = FreePort.findLasting();
    private final Path folder;
    private Process process;

    /**
     * Chooses ports and a folder; starts nothing.
     *
     * @param peerPort where it listens for other nodes
     * @param peerUrl where other nodes find it
     * @param bootstrap where it finds the node that made the cluster; null for the one that makes it
     */
    QdrantNode(Place place, int peerPort, String peerUrl, String bootstrap) {
        this.place = place;
        this.peerPort = peerPort;
        this.peerUrl = peerUrl;
        this.bootstrap = bootstrap;
        try {
            this.folder = Files.createTempDirectory("vitrine-qdrant");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where processes of the test call it. */
    public String grpcUrl() {
        return "http://" + place.address() + ":" + grpcPort;
    }

    /** Where the test itself calls it. */
    public String ownGrpcUrl() {
        return "http://127.0.0.1:" + place.door(grpcPort);
    }

    /** Where the test itself calls it. */
    public String httpUrl() {
        return "http://127.0.0.1:" + place.door(httpPort);
    }

    /** Where other nodes find it. */
    String peerUrl() {
        return peerUrl;
    }

    /** Starts the process on its ports and storage, the same each time; it need not answer yet. */
    synchronized void start() {
        if (process != null) {
            return;
        }
        Map<String, String> environment = Map.of(
                "QDRANT__SERVICE__HOST", place.address(),
                "QDRANT__CLUSTER__ENABLED", "true",
                "QDRANT__CLUSTER__P2P__PORT", Integer.toString(peerPort));
        try {
            ProcessBuilder builder =
                    new QdrantProgram(QdrantServer.binary()).prepare(folder, httpPort, grpcPort, environment);
            List<String> command = new ArrayList<>(builder.command());
            command.addAll(List.of("--uri", peerUrl));
            if (bootstrap != null) {
                command.addAll(List.of("--bootstrap", bootstrap));
            }
            process = builder.command(place.command(command)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized boolean isRunning() {
        return process != null;
    }

    /** Ends it without warning, as kill -9 does. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
            process = null;
        }
    }

    /** Stops it in its tracks: it accepts connections and never answers. */
    public synchronized void pause() {
        QdrantServer.signal(process, "-STOP");
    }

    public synchronized void resume() {
        QdrantServer.signal(process, "-CONT");
    }

    /** What it wrote. */
    String log() {
        try {
            return Files.readString(folder.resolve(QdrantProgram.LOG));
        } catch (IOException e) {
            return "none";
        }
    }

    /** Kills it and removes its storage. */
    @Override
    public void close() {
        kill();
        QdrantServer.deleteTree(folder);
    }
}
