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
import io.qdrant.client.grpc.QdrantGrpc;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node of Qdrant: its channel, and whether it is set aside because it failed. Safe for many threads. */
final class QdrantPeer {
    private static final Logger LOG = LoggerFactory.getLogger(QdrantPeer.class);

    private static final int DEFAULT_PORT = 6334;
    private static final int MAX_ANSWER_BYTES = 64 << 20; // 1,000 hits of 16 KB of metadata, four times
    private static final long KEEPALIVE_S = 20;
    private static final long KEEPALIVE_TIMEOUT_S = 5;

    /** How long a call after an outage waits for the connection before it fails. */
    private static final Duration WAKE = Duration.ofMillis(500);

    /** How long a node that failed is asked after the others only, at least. */
    static final Duration ASIDE = Duration.ofSeconds(3);

    /** How long a node that runs takes at most to say so; a busy one has other threads for it. */
    private static final Duration LIFE_SIGN = Duration.ofMillis(500);

    private final String url;
    private final ManagedChannel channel;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean isAside = new AtomicBoolean();
    private long lastSilence = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    /**
     * Prepares the channel; connects at the first call.
     *
     * @param apiKey null or blank for none
     * @param timer that looks after the node when it failed
     */
    QdrantPeer(URI uri, String apiKey, ScheduledExecutorService timer) {
        this.timer = timer;
        this.url = uri.getScheme() + "://" + uri.getRawAuthority();
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

    String url() {
        return url;
    }

    ManagedChannel channel() {
        return channel;
    }

    /**
     * After a failed connection the channel would refuse calls until its back-off, up to two minutes, has passed. A call
     * shall instead find a server that has come back: it ends the back-off and waits briefly for the connection.
     */
    void wake(Deadline deadline) {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
            long left = Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS));
            isAlive(Duration.ofMillis(Math.min(left, WAKE.toMillis())));
        }
    }

    /** Whether the others are to be asked first. */
    boolean isAside() {
        return isAside.get();
    }

    /** Sets the node aside until it shows a sign of life. */
    void leave(String reason) {
        if (isAside.compareAndSet(false, true)) {
            LOG.warn("Qdrant's node {} failed ({}); the other nodes are asked", url, reason);
            lookAgain(System.nanoTime());
        }
    }

    private void lookAgain(long since) {
        try {
            timer.schedule(() -> look(since), ASIDE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    private void look(long since) {
        channel.resetConnectBackoff();
        if (!isAlive(LIFE_SIGN)) {
            lookAgain(since);
            return;
        }
        isAside.set(false);
        LOG.info(
                "Qdrant's node {} answers again after {} s",
                url,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since));
    }

    /**
     * Whether the node says that it runs; one that does not is set aside. The next call makes a new connection, as the one
     * that did not answer may be dead without having said so. Many callers learn it from one question.
     */
    synchronized boolean showsLife() {
        if (System.nanoTime() - lastSilence < LIFE_SIGN.toNanos()) {
            return false;
        }
        if (isAlive(LIFE_SIGN)) {
            return true;
        }
        lastSilence = System.nanoTime();
        channel.enterIdle();
        leave("it does not answer");
        return false;
    }

    /** Closes the channel; calls in progress may end until then. */
    void close(Deadline end) {
        if (isAside()) {
            channel.shutdownNow();
            return;
        }
        channel.shutdown();
        try {
            if (!channel.awaitTermination(Math.max(0, end.timeRemaining(TimeUnit.NANOSECONDS)), TimeUnit.NANOSECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it answers, be it with a refusal. */
    private boolean isAlive(Duration patience) {
        try {
            QdrantGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .healthCheck(HealthCheckRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            Status.Code code = FailoverChannel.code(e.getStatus());
            return code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED;
        }
    }
}
