package dev.vitrine.index;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.CollectionClusterInfoRequest;
import io.qdrant.client.grpc.Collections.CollectionClusterInfoResponse;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The nodes of a Qdrant, over gRPC. It never hangs: every call has a deadline, and a call after an outage reconnects at
 * once. Where there are several nodes, a call that fails at one is made again at another ({@link FailoverChannel}).
 */
final class QdrantConnection implements AutoCloseable {
    private final String url;
    private final Duration limit;
    private final List<QdrantPeer> peers;
    private final Channel channel;
    private final ScheduledExecutorService timer;
    private final QdrantMembership membership;

    /**
     * @param urls of one node or, between commas, several
     * @throws IllegalArgumentException when one is not {@code http(s)://host[:port]}
     */
    QdrantConnection(String urls, String apiKey, Duration limit) {
        List<URI> uris = parseAll(urls);
        this.limit = limit;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "qdrant-nodes");
            thread.setDaemon(true);
            return thread;
        });
        this.peers =
                uris.stream().map(uri -> new QdrantPeer(uri, apiKey, timer)).toList();
        this.url = peers.stream().map(QdrantPeer::url).collect(Collectors.joining(", "));
        this.channel = new FailoverChannel(peers, ThreadLocalRandom.current().nextInt(peers.size()), timer);
        this.membership = new QdrantMembership(peers);
    }

    /** The nodes' URLs, one for each node. */
    static List<String> split(String urls) {
        return Arrays.stream(urls.split(",", -1)).map(String::strip).distinct().toList();
    }

    private static List<URI> parseAll(String urls) {
        if (urls == null) {
            throw new IllegalArgumentException(wrongUrl(null));
        }
        return split(urls).stream().map(QdrantConnection::parse).toList();
    }

    private static URI parse(String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getPath().matches("/?")) {
                return uri;
            }
        } catch (URISyntaxException | NullPointerException e) {
            throw new IllegalArgumentException(wrongUrl(url)); // the cause would repeat a password
        }
        throw new IllegalArgumentException(wrongUrl(url));
    }

    private static String wrongUrl(String url) {
        return "VITRINE_QDRANT_URL must be 'embedded' or http(s)://host:6334, for several nodes with commas between, but has '"
                + (url == null ? "" : url.replaceFirst("//.*@", "//…@"))
                + "'; a key goes into VITRINE_QDRANT_API_KEY";
    }

    String url() {
        return url;
    }

    /** How many nodes there are. */
    int nodes() {
        return peers.size();
    }

    /** The end of a call that begins now and may ask the server several times. */
    Deadline deadline() {
        return Deadline.after(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    Duration limit() {
        return limit;
    }

    PointsGrpc.PointsBlockingStub points(Deadline deadline) {
        return PointsGrpc.newBlockingStub(channel).withDeadline(deadline);
    }

    CollectionsGrpc.CollectionsBlockingStub collections(Deadline deadline) {
        return CollectionsGrpc.newBlockingStub(channel).withDeadline(deadline);
    }

    /**
     * Asks the nodes who has the collection.
     *
     * @return those that do not know it
     * @throws UnfitIndexException when they are not of one cluster
     */
    List<String> strangers(String collection, Deadline deadline) {
        return membership.check(collection, deadline);
    }

    /** On which nodes the shards of a collection are, as one of them sees it. */
    CollectionClusterInfoResponse shards(String collection, Deadline deadline) {
        return collections(deadline)
                .collectionClusterInfo(CollectionClusterInfoRequest.newBuilder()
                        .setCollectionName(collection)
                        .build());
    }

    /**
     * Asks the server for its version. One that does not say it is let pass.
     *
     * @throws UnfitIndexException when it is too old
     * @throws StatusRuntimeException when it does not answer
     */
    void checkVersion(Deadline deadline) {
        String version = version(deadline);
        Optional<QdrantVersion> known = QdrantVersion.of(version);
        if (known.isPresent() && known.get().compareTo(QdrantVersion.OLDEST) < 0) {
            throw new UnfitIndexException(
                    "Qdrant at " + url + " is version " + version + ", in which an older upload could"
                            + " replace a newer one; use version " + QdrantVersion.OLDEST.major() + "."
                            + QdrantVersion.OLDEST.minor() + " or newer");
        }
    }

    /** @throws StatusRuntimeException when it does not answer */
    String version(Deadline deadline) {
        return QdrantGrpc.newBlockingStub(channel)
                .withDeadline(deadline)
                .healthCheck(HealthCheckRequest.getDefaultInstance())
                .getVersion();
    }

    /** What to tell the caller about a failed call. */
    RuntimeException failure(StatusRuntimeException e) {
        Status status = e.getStatus();
        String reason = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return switch (FailoverChannel.code(status)) {
            case INVALID_ARGUMENT -> new IllegalArgumentException("Qdrant refuses the request: " + reason, e);
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                unavailable("rejects the API key; check VITRINE_QDRANT_API_KEY (" + reason + ")", e);
            case DEADLINE_EXCEEDED ->
                unavailable("did not answer within " + limit.toMillis() + " ms; is the server overloaded or stuck?", e);
            case UNAVAILABLE ->
                unavailable(
                        "cannot be reached; is the server running, and is VITRINE_QDRANT_URL right? (" + reason + ")",
                        e);
            case RESOURCE_EXHAUSTED ->
                unavailable("has no room for the request; check its disk, memory and limits (" + reason + ")", e);
            case INTERNAL ->
                unavailable(
                        "failed inside, or VITRINE_QDRANT_URL does not name its gRPC port (6334, not 6333); look into the"
                                + " server's log (" + reason + ")",
                        e);
            default ->
                unavailable(
                        "answers with an error; does VITRINE_QDRANT_URL name the gRPC port, 6334 and not 6333? ("
                                + reason + ")",
                        e);
        };
    }

    IndexUnavailableException unavailable(String what, Throwable cause) {
        return new IndexUnavailableException("Qdrant at " + url + " " + what, cause);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        peers.forEach(peer -> peer.channel().shutdown());
        Deadline end = deadline();
        for (QdrantPeer peer : peers) {
            peer.close(end);
        }
    }

    /** Makes sure that a write was applied and not only noted. */
    void settled(PointsOperationResponse response) {
        UpdateStatus status = response.getResult().getStatus();
        if (status != UpdateStatus.Completed) {
            throw unavailable("did not finish a write: " + status, null);
        }
    }
}
