package dev.vitrine.queue;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;

/**
 * Waits, without asking again and again, until a list has an entry: {@code BLMOVE list list RIGHT RIGHT} blocks while the
 * list is empty, and puts the entry that ends the wait back where it was. On a connection of its own, for one waiting
 * thread; any other thread may close it, which ends the wait.
 */
final class Wakeup implements AutoCloseable {

    private final Supplier<Jedis> open;
    private final Predicate<Jedis> isCurrent;
    private final String list;
    private Jedis connection;
    private boolean closed;

    /** @param isCurrent false for a connection to a server that is no longer the one; it is opened anew */
    Wakeup(Supplier<Jedis> open, Predicate<Jedis> isCurrent, String list) {
        this.open = open;
        this.isCurrent = isCurrent;
        this.list = list;
    }

    /**
     * Waits until the list has an entry.
     *
     * @param longest how long at most, more than zero
     * @return false when the time ran out, or this was closed
     * @throws redis.clients.jedis.exceptions.JedisException when Redis is away; the next call connects anew
     */
    boolean await(Duration longest) {
        Jedis redis = connect();
        if (redis != null && !isCurrent.test(redis)) {
            disconnect();
            redis = connect();
        }
        if (redis == null) {
            return false;
        }
        try {
            double seconds = Math.max(0.01, longest.toMillis() / 1e3);
            return redis.blmove(list, list, ListDirection.RIGHT, ListDirection.RIGHT, seconds) != null;
        } catch (RuntimeException e) {
            if (disconnect()) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        disconnect();
    }

    /** Null once closed. Connects outside the lock, so that closing does not wait for a server that does not answer. */
    private Jedis connect() {
        synchronized (this) {
            if (closed || connection != null) {
                return closed ? null : connection;
            }
        }
        Jedis opened = open.get();
        synchronized (this) {
            if (closed) {
                opened.close();
                return null;
            }
            connection = opened;
            return opened;
        }
    }

    private synchronized boolean disconnect() {
        if (connection != null) {
            try {
                connection.disconnect();
            } catch (RuntimeException e) {
                // A connection that is broken already is what this wants.
            }
            connection = null;
        }
        return closed;
    }
}
