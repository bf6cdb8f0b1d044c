package dev.vitrine.index;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One call of a {@link FailoverChannel}: it keeps the request until a node has answered. A node that takes long is waited
 * for as long as it shows signs of life, as it may be waiting for another node itself.
 */
final class FailoverCall<Q, A> extends ClientCall<Q, A> {
    private final MethodDescriptor<Q, A> method;
    private final CallOptions options;
    private final Deadline deadline;
    private final Iterator<QdrantPeer> peers;
    private final boolean isChoice;
    private final ScheduledExecutorService timer;
    private Listener<A> listener;
    private Metadata headers;
    private Q request;
    private volatile ClientCall<Q, A> current;
    private volatile boolean cancelled;

    /** What a node said that knows of no such thing, which is an answer where the nodes after it give none. */
    private volatile Runnable notFound;

    /**
     * @param order of the nodes to be asked
     * @param timer that looks after nodes that take long
     */
    FailoverCall(
            MethodDescriptor<Q, A> method,
            CallOptions options,
            List<QdrantPeer> order,
            ScheduledExecutorService timer) {
        this.method = method;
        this.options = options;
        this.deadline = FailoverChannel.deadline(options);
        this.peers = order.iterator();
        this.isChoice = order.size() > 1;
        this.timer = timer;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        this.listener = listener;
        this.headers = headers;
    }

    /** One answer is asked for, and the end of the call comes by itself. */
    @Override
    public void request(int messages) {}

    @Override
    public void sendMessage(Q message) {
        request = message;
    }

    @Override
    public void halfClose() {
        ask(peers.next());
    }

    @Override
    public void cancel(String message, Throwable cause) {
        cancelled = true;
        ClientCall<Q, A> asked = current;
        if (asked != null) {
            asked.cancel(message, cause);
        }
    }

    private void ask(QdrantPeer peer) {
        peer.wake(deadline);
        Metadata sent = new Metadata();
        sent.merge(headers);
        ClientCall<Q, A> call = peer.channel().newCall(method, options);
        current = call;
        Answer answer = new Answer(peer, call);
        call.start(answer, sent);
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        if (cancelled) {
            call.cancel("Cancelled before the next node was asked", null);
        }
        if (peers.hasNext() || notFound != null) {
            answer.watch();
        }
    }

    /** What a node says; only the last one's answer reaches the caller. */
    private final class Answer extends Listener<A> {
        private final QdrantPeer peer;
        private final ClientCall<Q, A> call;
        private Metadata answered;
        private A message;
        private volatile boolean isSilent;
        private volatile boolean isOver;

        Answer(QdrantPeer peer, ClientCall<Q, A> call) {
            this.peer = peer;
            this.call = call;
        }

        /** Looks after the node as long as it has not answered. */
        void watch() {
            timer.schedule(
                    () -> {
                        if (!isOver) {
                            look();
                        }
                    },
                    FailoverChannel.PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        private void look() {
            if (peer.showsLife()) {
                watch();
            } else {
                isSilent = true;
                call.cancel("The node shows no sign of life", null);
            }
        }

        @Override
        public void onHeaders(Metadata headers) {
            answered = headers;
        }

        @Override
        public void onMessage(A message) {
            this.message = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            isOver = true;
            if (!status.isOk() && !cancelled) {
                if (isWorthAnother(status)) {
                    if (status.getCode() == Status.Code.NOT_FOUND) {
                        notFound = () -> listener.onClose(status, trailers);
                    }
                    ask(peers.next());
                    return;
                }
                if (notFound != null && isNoAnswer(status)) {
                    notFound.run();
                    return;
                }
            }
            if (answered != null) {
                listener.onHeaders(answered);
            }
            if (message != null) {
                listener.onMessage(message);
            }
            listener.onClose(status, trailers);
        }

        private boolean isWorthAnother(Status status) {
            return switch (FailoverChannel.code(status)) {
                case UNAVAILABLE, INTERNAL -> {
                    if (isChoice) {
                        peer.leave(reason(status));
                    }
                    yield canAsk();
                }
                // A connection that did not answer in time may be dead without having said so.
                case DEADLINE_EXCEEDED -> {
                    peer.channel().enterIdle();
                    yield false;
                }
                case CANCELLED -> isSilent && canAsk();
                // A node may not have heard yet of a collection that another one has just made.
                case NOT_FOUND -> canAsk();
                default -> false;
            };
        }

        private static boolean isNoAnswer(Status status) {
            return switch (FailoverChannel.code(status)) {
                case UNAVAILABLE, INTERNAL, CANCELLED, DEADLINE_EXCEEDED -> true;
                default -> false;
            };
        }

        private boolean canAsk() {
            return peers.hasNext() && !deadline.isExpired();
        }

        private static String reason(Status status) {
            if (status.getCause() instanceof IOException cause && cause.getMessage() != null) {
                return cause.getMessage();
            }
            return status.getDescription() == null ? status.getCode().name() : status.getDescription();
        }
    }
}
