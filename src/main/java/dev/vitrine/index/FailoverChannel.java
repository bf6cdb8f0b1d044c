package dev.vitrine.index;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A channel to several nodes that serve the same. Calls go to the nodes in turn; one that fails at a node is made again at
 * the next, with the same request, until one answers, each node was asked or the deadline has passed. So a call must be one
 * that may be made twice. A node that does not answer is left when it shows no sign of life either.
 *
 * <p>Calls with one request and one answer only, which are all that Qdrant has.
 */
final class FailoverChannel extends Channel {
    /** How long a node may take before it is asked for a sign of life. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration FAR_AWAY = Duration.ofHours(1);

    private final List<QdrantPeer> peers;
    private final AtomicInteger turn;
    private final ScheduledExecutorService timer;

    /**
     * @param first number of the node that is asked first
     * @param timer that looks after nodes that take long
     */
    FailoverChannel(List<QdrantPeer> peers, int first, ScheduledExecutorService timer) {
        this.timer = timer;
        this.peers = List.copyOf(peers);
        this.turn = new AtomicInteger(first);
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        if (!method.getType().clientSendsOneMessage() || !method.getType().serverSendsOneMessage()) {
            throw new UnsupportedOperationException(method.getFullMethodName() + " streams");
        }
        return new FailoverCall<>(method, options, order(), timer);
    }

    @Override
    public String authority() {
        return peers.get(0).channel().authority();
    }

    /** The time until when a call must have ended; far away where it has no deadline. */
    static Deadline deadline(CallOptions options) {
        return options.getDeadline() == null
                ? Deadline.after(FAR_AWAY.toNanos(), TimeUnit.NANOSECONDS)
                : options.getDeadline();
    }

    /** What a failed call's end means; gRPC calls it UNKNOWN where a connection ends in the midst of a call. */
    static Status.Code code(Status status) {
        return status.getCause() instanceof IOException ? Status.Code.UNAVAILABLE : status.getCode();
    }

    /** All nodes, beginning with the next in turn; those that failed lately come last. */
    private List<QdrantPeer> order() {
        int first = Math.floorMod(turn.getAndIncrement(), peers.size());
        List<QdrantPeer> order = new ArrayList<>();
        List<QdrantPeer> aside = new ArrayList<>();
        for (int i = 0; i < peers.size(); i++) {
            QdrantPeer peer = peers.get((first + i) % peers.size());
            (peers.size() > 1 && peer.isAside() ? aside : order).add(peer);
        }
        order.addAll(aside);
        return order;
    }
}
