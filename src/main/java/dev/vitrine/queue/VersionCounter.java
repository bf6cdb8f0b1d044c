package dev.vitrine.queue;

import java.util.List;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Gives versions to all processes, each greater than all before it: the time by Redis' clock in ms, or one more than the
 * last where that is greater. Safe for many threads and processes. Calls throw {@link
 * org.springframework.dao.DataAccessException} when Redis cannot be reached or refuses.
 */
public final class VersionCounter {

    /**
     * What Redis gave.
     *
     * @param version 0 where Redis has no counter: it is new, was emptied, or lost it
     * @param now Redis' clock, ms since the epoch
     */
    public record Drawn(long version, long now) {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final RedisScript<List<?>> DRAW =
            (RedisScript) new DefaultRedisScript<>(QueueScripts.alone("draw_version"), List.class);

    private final StringRedisTemplate redis;
    private final List<String> keys;

    /** @param queue the name of the queue whose keys the counter is among */
    public VersionCounter(StringRedisTemplate redis, String queue) {
        this.redis = redis;
        this.keys = List.of(new QueueKeys(queue).version());
    }

    /**
     * Draws the next version, in one round trip.
     *
     * @param past what the version must be greater than; one more than a day ahead of Redis' clock is passed over
     */
    public Drawn draw(long past) {
        return draw(past, "0");
    }

    /**
     * Draws the next version also where there is no counter, which then begins.
     *
     * @param past the greatest version that was ever given, as far as anything else than Redis remembers it
     */
    public Drawn begin(long past) {
        return draw(past, "1");
    }

    private Drawn draw(long past, String begins) {
        List<?> reply = redis.execute(DRAW, keys, Long.toString(past), begins);
        return new Drawn(JobQueue.number(reply.get(0)), JobQueue.number(reply.get(1)));
    }
}
