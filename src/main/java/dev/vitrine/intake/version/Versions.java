package dev.vitrine.intake.version;

import dev.vitrine.queue.RedisBreaker;
import dev.vitrine.queue.VersionCounter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Gives each upload and each deletion a version, ms since the epoch, greater than those of all that were answered before it
 * in any process. They are drawn from a counter in Redis. While Redis is away this process goes on by itself: with a
 * version greater than any that it gave and than any that can be seen of the same product, and else with the time that
 * Redis would have, reckoned too low rather than too high. Safe for many threads.
 */
public final class Versions {
    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);

    /** How much of a second two clocks may drift apart in a second: those of machines 1/5,000, one that is being set 1/2,000. */
    private static final long DRIFT = 1_000;

    /** A version that is further ahead is a mistake that is not followed. */
    private static final long FARTHEST_AHEAD = Duration.ofDays(1).toMillis();

    /** An index that is away keeps nobody waiting for longer. */
    private static final long LOOK_LIMIT_MILLIS = 500;

    private record RedisTime(long millis, long nanos) {}

    private final Optional<VersionCounter> counter;
    private final RedisBreaker breaker;
    private final GivenVersions given;
    private final Clock clock;
    private final LongSupplier nanos;
    private final AtomicLong last = new AtomicLong();
    private volatile RedisTime seen;

    /**
     * @param counter empty where the service runs without Redis
     * @param breaker while it is open Redis is not asked
     * @param clock for a process that has not seen Redis yet
     * @param nanos a clock that only goes forward, {@link System#nanoTime()}
     */
    Versions(
            Optional<VersionCounter> counter,
            RedisBreaker breaker,
            GivenVersions given,
            Clock clock,
            LongSupplier nanos) {
        this.counter = counter;
        this.breaker = breaker;
        this.given = given;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** @see #Versions(Optional, RedisBreaker, GivenVersions, Clock, LongSupplier) */
    public Versions(Optional<VersionCounter> counter, RedisBreaker breaker, VisibleVersions given, Clock clock) {
        this(counter, breaker, given, clock, System::nanoTime);
    }

    /** Catches up with what was given before this process started, and from now on whenever Redis was away. */
    public void begin() {
        breaker.whenBack(this::catchUp);
        if (breaker.isClosed()) {
            try {
                catchUp();
            } catch (DataAccessException e) {
                LOG.debug("Redis gave no version", e);
                breaker.open();
            }
        }
    }

    /**
     * The version of an upload, or of the deletion of a picture or a product.
     *
     * @param collection null for the main one
     * @param imageId null for all pictures of the product
     */
    public long next(String collection, String productId, String imageId) {
        long version = fromRedis();
        return version > 0 ? version : own(given.of(collection, productId, imageId));
    }

    /** The version of a deletion of whatever meets a condition. */
    public long next() {
        long version = fromRedis();
        return version > 0 ? version : own(newest());
    }

    /** Makes what comes from now on newer than a version that came from elsewhere, as with an export. */
    public void follow(long version) {
        if (version <= farthest()) {
            last.accumulateAndGet(version, Math::max);
            fromRedis();
        }
    }

    /** Brings Redis' counter past everything that was given without it, or before it was emptied. */
    private void catchUp() {
        if (counter.isPresent()) {
            note(counter.get().begin(Math.max(last.get(), newest())));
        }
    }

    /** 0 where Redis is away, or there is none. */
    private long fromRedis() {
        if (counter.isEmpty() || !breaker.isClosed()) {
            return 0;
        }
        try {
            long version = note(counter.get().draw(last.get()));
            return version > 0 ? version : note(counter.get().begin(Math.max(last.get(), newest())));
        } catch (DataAccessException e) {
            LOG.debug("Redis gave no version", e);
            breaker.open();
            return 0;
        }
    }

    private long note(VersionCounter.Drawn drawn) {
        seen = new RedisTime(drawn.now(), nanos.getAsLong());
        last.accumulateAndGet(drawn.version(), Math::max);
        return drawn.version();
    }

    private long own(long past) {
        long before = past <= farthest() ? past : 0;
        long now = now();
        return last.updateAndGet(mine -> Math.max(Math.max(mine, before) + 1, now));
    }

    /** Redis' clock, or a little before it: an answer is older than it looks, and clocks drift. */
    private long now() {
        RedisTime then = seen;
        if (then == null) {
            return clock.millis();
        }
        long passed = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - then.nanos());
        return then.millis() + passed - passed / DRIFT;
    }

    private long farthest() {
        return now() + FARTHEST_AHEAD;
    }

    /** The greatest version that is to be seen anywhere within {@link #LOOK_LIMIT_MILLIS}. */
    private long newest() {
        AtomicLong newest = new AtomicLong();
        long until = farthest();
        CompletableFuture<Void> look = CompletableFuture.runAsync(() ->
                given.newest(until, version -> newest.accumulateAndGet(version <= until ? version : 0, Math::max)));
        try {
            look.get(LOOK_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("Not all versions that were given before could be looked at: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return newest.get();
    }
}
