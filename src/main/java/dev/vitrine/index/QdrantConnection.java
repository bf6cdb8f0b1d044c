package dev.vitrine.index;

import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Metadata.Key;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.Points.PointsOperationResponse;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gRPC channel to Qdrant that never hangs: every call has a deadline, and a call after an outage reconnects at once. */
final class QdrantConnection implements AutoCloseable {

    private static final int DEFAULT_PORT = 6334;
    private static final int MAX_ANSWER_BYTES = 64 << 20; // 1,000 hits of 16 KB of metadata, four times
    private static final long KEEPALIVE_S = 20;
    private static final long KEEPALIVE_TIMEOUT_S = 5;

    /** How long a call after an outage waits for the connection before it fails. */
    private static final long WAKE_MS = 500;

    private final String url;
    private final Duration limit;
    private final ManagedChannel channel;

    /** @throws IllegalArgumentException when the URL is not {@code http(s)://host[:port]} */
    QdrantConnection(String url, String apiKey, Duration limit) {
        URI uri = parse(url);
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.limit = limit;
        ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forAddress(
                        uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort())
                .keepAliveTime(KEEPALIVE_S, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_S, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .userAgent("vitrine");
        if (uri.getScheme().equalsIgnoreCase("https")) {
            builder.useTransportSecurity();
        } else {
            builder.usePlaintext();
        }
        if (apiKey != null && !apiKey.isBlank()) {
            Metadata headers = new Metadata();
            headers.put(Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), apiKey.strip());
            builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        this.channel = builder.build();
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
        return "VITRINE_QDRANT_URL must be 'embedded' or http(s)://host:6334, but is '"
                + url.replaceFirst("//.*@", "//…@") + "'; a key goes into VITRINE_QDRANT_API_KEY";
    }

    String url() {
        return url;
    }

    /** The end of a call that begins now and may ask the server several times. */
    Deadline deadline() {
        return Deadline.after(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    Duration limit() {
        return limit;
    }

    PointsGrpc.PointsBlockingStub points(Deadline deadline) {
        wake(deadline);
        return PointsGrpc.newBlockingStub(channel).withDeadline(deadline);
    }

    CollectionsGrpc.CollectionsBlockingStub collections(Deadline deadline) {
        wake(deadline);
        return CollectionsGrpc.newBlockingStub(channel).withDeadline(deadline);
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
        wake(deadline);
        return QdrantGrpc.newBlockingStub(channel)
                .withDeadline(deadline)
                .healthCheck(HealthCheckRequest.getDefaultInstance())
                .getVersion();
    }

    /**
     * What to tell the caller about a failed call. A connection that did not answer in time may be dead without having
     * said so; the next call makes a new one.
     */
    RuntimeException failure(StatusRuntimeException e) {
        Status status = e.getStatus();
        String reason = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        // gRPC calls it UNKNOWN where a connection ends in the midst of a call.
        Status.Code code = status.getCause() instanceof IOException ? Status.Code.UNAVAILABLE : status.getCode();
        return switch (code) {
            case INVALID_ARGUMENT -> new IllegalArgumentException("Qdrant refuses the request: " + reason, e);
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                unavailable("rejects the API key; check VITRINE_QDRANT_API_KEY (" + reason + ")", e);
            case DEADLINE_EXCEEDED -> {
                channel.enterIdle();
                yield unavailable(
                        "did not answer within " + limit.toMillis() + " ms; is the server overloaded or stuck?", e);
            }
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
        channel.shutdown();
        try {
            if (!channel.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * After a failed connection the channel would refuse calls until its back-off, up to two minutes, has passed. A call
     * shall instead find a server that has come back: it ends the back-off and waits briefly for the connection.
     */
    private void wake(Deadline deadline) {
        if (channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
            return;
        }
        channel.resetConnectBackoff();
        try {
            QdrantGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadline(deadline.minimum(Deadline.after(WAKE_MS, TimeUnit.MILLISECONDS)))
                    .healthCheck(HealthCheckRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            // Still away: the call that follows says why.
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
