package dev.vitrine.intake.idempotency;

import dev.vitrine.intake.idempotency.Reservation.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** Remembers keys in Redis, for all processes. Who vanishes loses its reservation when the lease runs out. */
final class RedisKeys implements KeyMemory {
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final RedisScript<List<?>> RESERVE =
            (RedisScript) new DefaultRedisScript<>(read("reserve.lua"), List.class);

    private static final RedisScript<Long> SETTLE = new DefaultRedisScript<>(read("settle.lua"), Long.class);

    private final StringRedisTemplate redis;
    private final String prefix;
    private final Duration lease;
    private final Duration kept;

    /**
     * @param prefix what the names of the records begin with
     * @param lease after how long without a renewal a reservation is left
     * @param kept how long a key is remembered
     */
    RedisKeys(StringRedisTemplate redis, String prefix, Duration lease, Duration kept) {
        this.redis = redis;
        this.prefix = prefix;
        this.lease = lease;
        this.kept = kept;
    }

    @Override
    public Reservation reserve(String key, String fingerprint, String jobId, String neverCame) {
        List<?> reply = redis.execute(
                RESERVE,
                List.of(prefix + key),
                fingerprint,
                jobId,
                Long.toString(lease.toMillis()),
                Long.toString(kept.toSeconds()),
                neverCame);
        return new Reservation(
                State.valueOf(((String) reply.get(0)).toUpperCase(Locale.ROOT)),
                (String) reply.get(1),
                (String) reply.get(2),
                (String) reply.get(3));
    }

    @Override
    public void done(String key, String jobId, String outcome) {
        settle(key, jobId, "done", outcome);
    }

    @Override
    public void renew(String key, String jobId) {
        settle(key, jobId, "renew", Long.toString(lease.toMillis()));
    }

    @Override
    public void free(String key, String jobId) {
        settle(key, jobId, "free", "");
    }

    private void settle(String key, String jobId, String what, String value) {
        redis.execute(SETTLE, List.of(prefix + key), jobId, what, value);
    }

    private static String read(String script) {
        try (InputStream in = RedisKeys.class.getResourceAsStream(script)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the script " + script + " from the jar", e);
        }
    }
}
