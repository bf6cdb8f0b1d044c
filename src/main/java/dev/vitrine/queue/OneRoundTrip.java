package dev.vitrine.queue;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.RedisConnectionUtils;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Sends all Redis commands of a route to Redis in one round trip, in their order, when the route ends. Until then no
 * command has a reply, so the route must not use one. A command that fails, like a Redis that is away, fails the exchange
 * with a {@link DataAccessException}; the commands before it may have taken effect.
 *
 * <p>For routes whose steps run in one thread. One policy serves any number of routes and exchanges.
 */
public final class OneRoundTrip extends RoutePolicySupport {
    private static final String CONNECTION = OneRoundTrip.class.getName();

    private final StringRedisTemplate redis;

    /** @param redis the template that the route's endpoints use */
    public OneRoundTrip(StringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        try {
            // Bound to the thread, it is the connection that the template uses.
            RedisConnection connection = RedisConnectionUtils.bindConnection(redis.getRequiredConnectionFactory());
            exchange.setProperty(CONNECTION, connection);
            connection.openPipeline();
        } catch (DataAccessException e) {
            exchange.setException(e);
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        RedisConnection connection = (RedisConnection) exchange.removeProperty(CONNECTION);
        if (connection == null) {
            return; // there was none to be had
        }
        try {
            connection.closePipeline();
        } catch (DataAccessException e) {
            fail(exchange, e);
        } catch (RuntimeException e) {
            // Jedis' own where the connection breaks. Camel would ignore it, and the commands would count as sent.
            fail(exchange, new RedisConnectionFailureException("The connection to Redis broke: " + e.getMessage(), e));
        } finally {
            RedisConnectionUtils.unbindConnection(redis.getRequiredConnectionFactory());
        }
    }

    private static void fail(Exchange exchange, DataAccessException cause) {
        if (exchange.getException() == null) {
            exchange.setException(cause);
        }
    }
}
