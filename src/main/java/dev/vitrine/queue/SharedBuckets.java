package dev.vitrine.queue;

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.redis.jedis.Bucket4jJedis.JedisBasedProxyManagerBuilder;
import io.github.bucket4j.redis.jedis.RedisApi;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.data.redis.core.RedisCallback;
import redis.clients.jedis.Jedis;

/** Token buckets in Redis, over connections of their own that give up early; a bucket is gone a minute after it is full. */
final class SharedBuckets implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final RedisConnections connections;

    SharedBuckets(RedisSettings settings) {
        this.connections = new RedisConnections(settings, TIMEOUT);
    }

    ProxyManager<byte[]> manager() {
        return new JedisBasedProxyManagerBuilder<>(Mapper.BYTES, new Commands())
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                .build();
    }

    @Override
    public void close() {
        connections.close();
    }

    private <T> T with(Function<Jedis, T> command) {
        return connections.template().execute((RedisCallback<T>)
                redis -> command.apply((Jedis) redis.getNativeConnection()));
    }

    private final class Commands implements RedisApi {
        @Override
        public Object eval(byte[] script, int keys, byte[]... parameters) {
            return with(redis -> redis.eval(script, keys, parameters));
        }

        @Override
        public byte[] get(byte[] key) {
            return with(redis -> redis.get(key));
        }

        @Override
        public void delete(byte[] key) {
            with(redis -> redis.del(key));
        }
    }
}
