package dev.vitrine.queue;

import java.util.Locale;
import java.util.function.Consumer;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * A connection that says when its server is no longer the one to talk to: it is gone, has become a replica, or sends its
 * clients to another node. It is of no use any more then.
 */
final class WatchedConnection extends Connection {

    /** What became of the server. */
    enum Loss {
        /** It does not answer, on this connection at least. */
        SILENT,
        /** It answers, and takes no writes of these keys. */
        NOT_THE_MASTER
    }

    private final HostAndPort address;
    private final Consumer<Loss> lost;

    /** Connected and logged in. */
    WatchedConnection(HostAndPort address, JedisClientConfig config, Consumer<Loss> lost) {
        super(address, config);
        this.address = address;
        this.lost = lost;
    }

    HostAndPort address() {
        return address;
    }

    @Override
    protected Object readProtocolWithCheckingBroken() {
        try {
            return super.readProtocolWithCheckingBroken();
        } catch (JedisConnectionException e) {
            tell(Loss.SILENT);
            throw e;
        } catch (JedisDataException e) {
            if (isOfAnotherMaster(e)) {
                setBroken();
                tell(Loss.NOT_THE_MASTER);
            }
            throw e;
        }
    }

    /** Scripts of older servers put the code inside their message. */
    private static boolean isOfAnotherMaster(JedisDataException e) {
        String message = String.valueOf(e.getMessage()).toUpperCase(Locale.ROOT);
        return e instanceof JedisRedirectionException
                || message.contains("READONLY ")
                || message.startsWith("CLUSTERDOWN")
                || message.startsWith("MASTERDOWN")
                || message.startsWith("UNBLOCKED");
    }

    /** Before the constructor has ended nobody listens; then it throws. */
    private void tell(Loss loss) {
        if (lost != null) {
            lost.accept(loss);
        }
    }
}
