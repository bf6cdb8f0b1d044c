package dev.vitrine.intake.idempotency;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Where keys are remembered now: in Redis, or while there is none in this process. */
public final class KeyMemories {
    /** After how long without a sign of life an upload counts as left by its process. */
    static final Duration LEASE = Duration.ofSeconds(15);

    private static final Duration KEPT = Duration.ofHours(24);
    private static final int LOCAL_KEYS = 100_000;

    private final Optional<KeyMemory> redis;
    private final BooleanSupplier hasRedis;
    private final KeyMemory local;

    /**
     * @param redis empty where the service runs without one
     * @param prefix what the names of keys in Redis begin with
     * @param hasRedis whether Redis answers now
     */
    public KeyMemories(Optional<StringRedisTemplate> redis, String prefix, BooleanSupplier hasRedis, Clock clock) {
        this.redis = redis.map(template -> new RedisKeys(template, prefix, LEASE, KEPT));
        this.hasRedis = hasRedis;
        this.local = new LocalKeys(LOCAL_KEYS, KEPT, clock);
    }

    KeyMemory current() {
        return hasRedis.getAsBoolean() ? redis.orElse(local) : local;
    }

    KeyMemory local() {
        return local;
    }
}
