package dev.vitrine.queue;

import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Makes the connections of the pool and asks each before it is lent, unless it was in use a moment ago. Once one did not answer, those that were last used
 * before that moment are thrown away unasked: behind a network that swallows packets each question would cost a timeout,
 * and a request would wait for as many of them as connections lie idle.
 */
final class JedisMaker extends BasePooledObjectFactory<Jedis> {

    /** No Redis that went away is back so soon. */
    private static final long FRESH_MILLIS = 50;

    private final HostAndPort address;
    private final JedisClientConfig config;
    private volatile long suspectBefore = Long.MIN_VALUE;

    JedisMaker(HostAndPort address, JedisClientConfig config) {
        this.address = address;
        this.config = config;
    }

    /** Connected and logged in. */
    @Override
    public Jedis create() {
        Jedis jedis = new Jedis(address, config);
        try {
            jedis.connect();
            return jedis;
        } catch (JedisException e) {
            jedis.close();
            throw e;
        }
    }

    @Override
    public PooledObject<Jedis> wrap(Jedis jedis) {
        return new DefaultPooledObject<>(jedis);
    }

    @Override
    public boolean validateObject(PooledObject<Jedis> pooled) {
        long lastUsed = pooled.getLastReturnInstant().toEpochMilli();
        if (lastUsed < suspectBefore) {
            return false;
        }
        if (System.currentTimeMillis() - lastUsed < FRESH_MILLIS) {
            return true;
        }
        try {
            return "PONG".equals(pooled.getObject().ping());
        } catch (JedisException e) {
            suspectBefore = System.currentTimeMillis();
            return false;
        }
    }

    @Override
    public void destroyObject(PooledObject<Jedis> pooled) {
        pooled.getObject().disconnect();
    }
}
