package dev.vitrine.queue;

import dev.vitrine.queue.WatchedConnection.Loss;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Makes connections to the server that takes the writes, wherever it is now, and asks each of the pool before it is lent,
 * unless it was in use a moment ago. Once one did not answer, those that were last used before that moment are thrown away
 * unasked: behind a network that swallows packets each question would cost a timeout, and a request would wait for as many
 * of them as connections lie idle. So are those to a server that is no longer the one.
 */
final class JedisMaker extends BasePooledObjectFactory<Jedis> {

    /** No Redis that went away is back so soon. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RedisPlace place;
    private final Supplier<JedisClientConfig> config;
    /** By a clock that nobody sets: one that is set back would leave no connection unsuspected until it had caught up. */
    private volatile OptionalLong suspectBefore = OptionalLong.empty();

    JedisMaker(RedisPlace place, Supplier<JedisClientConfig> config) {
        this.place = place;
        this.config = config;
    }

    /** Connected and logged in. */
    @Override
    public Jedis create() {
        return open(config.get());
    }

    /** Connected and logged in otherwise than those of the pool; the caller closes it. */
    Jedis open(JedisClientConfig otherwise) {
        HostAndPort address = place.now();
        Jedis jedis = null;
        try {
            jedis = new ServerConnection(new WatchedConnection(address, otherwise, loss -> lost(address, loss)));
            if (place.mayBeStale()) {
                checkRole(jedis, address);
            }
            place.confirm(address);
            return jedis;
        } catch (JedisException e) {
            if (jedis != null) {
                jedis.disconnect();
            }
            place.doubt(address);
            throw e;
        }
    }

    /** Whether a connection that was made here leads to the master still. */
    boolean isCurrent(Jedis jedis) {
        return ((ServerConnection) jedis).address().equals(place.now());
    }

    @Override
    public PooledObject<Jedis> wrap(Jedis jedis) {
        return new DefaultPooledObject<>(jedis);
    }

    @Override
    public void passivateObject(PooledObject<Jedis> pooled) {
        connection(pooled).used();
    }

    @Override
    public boolean validateObject(PooledObject<Jedis> pooled) {
        ServerConnection connection = connection(pooled);
        HostAndPort address = connection.address();
        try {
            if (isSuspect(connection) || !address.equals(place.now())) {
                return false;
            }
            if (System.nanoTime() - connection.lastUsed() < FRESH_NANOS) {
                return true;
            }
            boolean answers = "PONG".equals(connection.ping());
            if (answers) {
                place.confirm(address);
            }
            return answers;
        } catch (JedisException e) {
            suspectAll();
            return false;
        }
    }

    @Override
    public void destroyObject(PooledObject<Jedis> pooled) {
        pooled.getObject().disconnect();
    }

    private void lost(HostAndPort address, Loss loss) {
        place.doubt(address);
        if (loss == Loss.NOT_THE_MASTER) {
            suspectAll();
        }
    }

    private void suspectAll() {
        suspectBefore = OptionalLong.of(System.nanoTime());
    }

    private boolean isSuspect(ServerConnection connection) {
        OptionalLong before = suspectBefore;
        return before.isPresent() && connection.lastUsed() - before.getAsLong() < 0;
    }

    private static ServerConnection connection(PooledObject<Jedis> pooled) {
        return (ServerConnection) pooled.getObject();
    }

    private static void checkRole(Jedis jedis, HostAndPort address) {
        Object role;
        try {
            role = jedis.role().get(0);
        } catch (JedisAccessControlException e) {
            return; // it may not be asked; the first write shows
        }
        if (!"master".equals(role)) {
            throw new JedisConnectionException(
                    "the Redis at " + address + " was named as the master and is a replica; the failover is not over");
        }
    }

    /** Knows where it leads to, and when it was used. */
    private static final class ServerConnection extends Jedis {
        private final HostAndPort address;
        private volatile long lastUsed = System.nanoTime();

        ServerConnection(WatchedConnection connection) {
            super(connection);
            this.address = connection.address();
        }

        HostAndPort address() {
            return address;
        }

        void used() {
            lastUsed = System.nanoTime();
        }

        /** As {@link System#nanoTime} said when it was made or given back. */
        long lastUsed() {
            return lastUsed;
        }
    }
}
