package dev.vitrine.queue;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether uploads go to the queue. One failed call opens the circuit breaker, so that an outage costs one client
 * one time-out; from then on a ping in the background, not a client, finds out when Redis is back.
 */
public final class RedisBreaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisBreaker.class);
    private static final Duration PING_PERIOD = Duration.ofMillis(500);

    private final CircuitBreaker breaker;
    private final ScheduledExecutorService pings;
    private volatile Runnable back = () -> {};
    private State said;
    private String unfit = "";

    /** How Redis was when the log last had a word about it. */
    private enum State {
        FIT,
        AWAY,
        UNFIT
    }

    /** With nothing said about Redis yet. */
    public RedisBreaker(Runnable ping) {
        this(ping, false);
    }

    /**
     * @param ping throws while Redis is away; an {@link IllegalStateException} while it is not fit, with what to do
     * @param knownToBeAway whether the log already says that Redis is away
     */
    public RedisBreaker(Runnable ping, boolean knownToBeAway) {
        said = knownToBeAway ? State.AWAY : State.FIT;
        breaker = CircuitBreaker.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(1)
                        .minimumNumberOfCalls(1)
                        .failureRateThreshold(1)
                        .waitDurationInOpenState(Duration.ofDays(365)) // only a ping closes it
                        .build());
        pings = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "redis-ping");
            thread.setDaemon(true);
            return thread;
        });
        pings.scheduleWithFixedDelay(() -> check(ping), 0, PING_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private RedisBreaker(CircuitBreaker breaker) {
        this.breaker = breaker;
        this.pings = null;
        this.said = State.FIT;
    }

    /** For a service without a queue: never closed. */
    public static RedisBreaker alwaysOpen() {
        CircuitBreaker breaker = CircuitBreaker.ofDefaults("redis");
        breaker.transitionToForcedOpenState();
        return new RedisBreaker(breaker);
    }

    public CircuitBreaker breaker() {
        return breaker;
    }

    /** Whether calls go through. */
    public boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Has something done each time when Redis is back and before uploads go to the queue again; it may throw to wait. */
    public void whenBack(Runnable action) {
        back = action;
    }

    private void check(Runnable ping) {
        try {
            ping.run();
            if (!isClosed()) {
                back.run();
                breaker.transitionToClosedState();
            }
            if (said != State.FIT) {
                said = State.FIT;
                LOG.info("Redis is back; uploads go to the queue again");
            }
        } catch (RedisAwayException e) {
            open();
            if (said != State.AWAY) {
                said = State.AWAY;
                LOG.warn("{}. Until then uploads are indexed while the client waits.", e.getMessage());
            }
        } catch (IllegalStateException e) {
            open();
            if (said != State.UNFIT || !e.getMessage().equals(unfit)) {
                said = State.UNFIT;
                unfit = e.getMessage();
                LOG.error("{}. Until then uploads are indexed while the client waits.", unfit);
            }
        } catch (RuntimeException e) {
            open();
        } catch (OutOfMemoryError e) { // says nothing of Redis, and must not end the pings
            LOG.error("Out of memory while asking Redis; trying again", e);
        }
    }

    /** Has uploads go another way until Redis answers a ping. */
    public void open() {
        if (isClosed()) {
            breaker.transitionToOpenState();
        }
    }

    @Override
    public void close() {
        if (pings != null) {
            pings.shutdownNow();
        }
    }
}
