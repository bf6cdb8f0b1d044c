package dev.vitrine.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps connections below the limit of open files, so that the service can always open its own. At the limit the connection
 * that has been idle longest makes room for a new one; where none is idle, the new one is closed.
 */
final class Connections {
    private static final long MOST = 10_000;

    /** Files that the service itself may want to open: the index, Redis, the spool, libraries. */
    private static final long RESERVE = 400;

    /** A request that brings a file has a second one open. */
    private static final long FILES_EACH = 2;

    /** Closing takes a moment, in which so many more may be open. */
    private static final int CLOSING = 32;

    private final long limit;
    private final AtomicBoolean guarded = new AtomicBoolean();
    private final Map<HttpConnection, Integer> busy = new HashMap<>();

    /** Connections without a request, the one that is idle longest first, and since when, {@link System#nanoTime()}. */
    private final Map<HttpConnection, Long> idle = new LinkedHashMap<>();

    Connections(long limit) {
        this.limit = limit;
    }

    /** As many as the process's limit of open files allows. */
    static Connections thatFit() {
        return new Connections(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                        ? limit(system.getMaxFileDescriptorCount())
                        : MOST);
    }

    /** How many connections a limit of open files leaves room for. */
    static long limit(long files) {
        long rest = Math.max(files - RESERVE, files / 4);
        return Math.max(1, Math.min(MOST, rest / FILES_EACH));
    }

    /** A connection was opened. */
    void opened(HttpConnection connection) {
        if (connection instanceof ConnectionBase http && guarded.compareAndSet(false, true)) {
            http.channel().parent().pipeline().addFirst(new Guard());
        }
        HttpConnection tooMany = null;
        synchronized (this) {
            if (busy.size() + idle.size() >= limit) {
                Iterator<HttpConnection> longest = idle.keySet().iterator();
                tooMany = longest.hasNext() ? longest.next() : connection;
                idle.remove(tooMany);
            }
            if (tooMany != connection) {
                idle.put(connection, System.nanoTime());
            }
        }
        if (connection instanceof ConnectionBase http) {
            // Not Vert.x's handler, which is not called where a request waits behind another whose connection ends.
            http.channel().closeFuture().addListener(closed -> forget(connection));
        } else {
            connection.closeHandler(closed -> forget(connection));
        }
        if (tooMany != null) {
            tooMany.close();
        }
    }

    /** A request came on a connection. */
    synchronized void began(HttpConnection connection) {
        if (isClosed(connection)) {
            return; // and forgotten; this one waited behind another
        }
        idle.remove(connection);
        busy.merge(connection, 1, Integer::sum);
    }

    /** A request on a connection was answered. */
    synchronized void ended(HttpConnection connection) {
        if (busy.containsKey(connection) && busy.merge(connection, -1, Integer::sum) == 0) {
            busy.remove(connection);
            if (isClosed(connection)) {
                return;
            }
            idle.put(connection, System.nanoTime());
        }
    }

    private static boolean isClosed(HttpConnection connection) {
        return connection instanceof ConnectionBase http && !http.channel().isActive();
    }

    private synchronized void forget(HttpConnection connection) {
        idle.remove(connection);
        busy.remove(connection);
    }

    /** Closes those that have had no complete request for so long: their head may come byte by byte for ever. */
    void closeIdle(long nanos) {
        long now = System.nanoTime();
        Iterable<HttpConnection> old;
        synchronized (this) {
            old = idle.entrySet().stream()
                    .filter(entry -> now - entry.getValue() > nanos)
                    .map(Map.Entry::getKey)
                    .toList();
        }
        old.forEach(HttpConnection::close);
    }

    /**
     * Drops connections where they are accepted: of a burst, more would be open than the limit of files allows before the
     * first of them is seen above.
     */
    private final class Guard extends ChannelInboundHandlerAdapter {
        private final AtomicLong open = new AtomicLong();

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            Channel connection = (Channel) accepted;
            if (open.incrementAndGet() > limit + CLOSING) {
                open.decrementAndGet();
                connection.unsafe().closeForcibly();
                return;
            }
            connection.closeFuture().addListener(closed -> open.decrementAndGet());
            context.fireChannelRead(accepted);
        }
    }
}
