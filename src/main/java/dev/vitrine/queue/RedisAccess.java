package dev.vitrine.queue;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.SaveMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ShutdownParams;

/** How to talk to an embedded Redis. */
record RedisAccess(int port, String password) {

    private static final Logger LOG = LoggerFactory.getLogger(RedisAccess.class);
    private static final int TIMEOUT_MILLIS = 1_000;

    /** Whether it answers; not while it is loading. */
    boolean answers() {
        try (Jedis redis = connect()) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            return false;
        }
    }

    /** Whether what answers there is a server that keeps its data in the folder. */
    boolean serves(Path folder) {
        try (Jedis redis = connect()) {
            String dir = redis.configGet("dir").get("dir");
            return dir != null && Path.of(dir).toRealPath().equals(folder);
        } catch (JedisException | IOException e) {
            LOG.debug("No Redis of {} at port {}", folder, port, e);
            return false;
        }
    }

    /**
     * Shuts the server down, with the append-only file forced to disk, and waits until its process has ended. A server
     * that refuses, as it does while it writes its first append-only file, is asked again.
     *
     * @throws IOException when it does not end
     */
    void shutDown(ServerProcess process) throws IOException, InterruptedException {
        process.awaitEnd(this::askToShutDown);
    }

    private void askToShutDown() {
        try (Jedis redis = connect()) {
            redis.shutdown(ShutdownParams.shutdownParams().saveMode(SaveMode.NOSAVE));
        } catch (JedisException e) {
            LOG.debug("The connection ends with the server, or it refuses", e);
        }
    }

    @Override
    public String toString() {
        return "RedisAccess[port=" + port + "]";
    }

    private Jedis connect() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .timeoutMillis(TIMEOUT_MILLIS)
                        .password(password)
                        .build());
    }
}
