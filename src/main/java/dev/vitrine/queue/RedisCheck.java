package dev.vitrine.queue;

import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Whether a Redis is fit to hold the queue: it answers, is version 6.2 or newer (BLMOVE, LPOS), and throws no job away
 * when its memory is full.
 */
public final class RedisCheck {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCheck.class);

    private static final RedisScript<Long> ANY =
            new DefaultRedisScript<>("return redis.call('LLEN', KEYS[1])", Long.class);

    private final RedisConnections connections;

    /** Checks the Redis that these connections lead to. */
    public RedisCheck(RedisConnections connections) {
        this.connections = connections;
    }

    /**
     * Checks it once. What cannot be seen, because a managed Redis forbids CONFIG, is warned of and let pass; so is a
     * Redis that keeps nothing on disk, since the spool refills it.
     *
     * @throws RedisAwayException when it does not answer
     * @throws IllegalStateException when it is not fit, with what to do about it
     */
    public void run() {
        Properties server = server();
        checkMode(server.getProperty("redis_mode", ""));
        checkVersion(server.getProperty("redis_version"));
        checkScripts();
        checkEviction(setting("maxmemory-policy"));
        checkPersistence(setting("appendonly"), setting("save"));
    }

    /**
     * Asks it for a sign of life.
     *
     * @throws RedisAwayException when it does not answer, or not to this service, with the reason
     */
    public void ping() {
        ask(RedisConnection::ping);
    }

    private <T> T ask(RedisCallback<T> question) {
        try {
            return connections.template().execute(question);
        } catch (DataAccessException e) {
            throw away(e);
        }
    }

    private RedisAwayException away(DataAccessException e) {
        String why = FailureReason.of(e).text();
        boolean refused = causes(e)
                .anyMatch(cause -> cause instanceof JedisAccessControlException
                        || cause instanceof JedisDataException
                                && String.valueOf(cause.getMessage()).contains("AUTH"));
        return new RedisAwayException(
                refused
                        ? "Redis at " + connections.where() + " does not let Vitrine in (" + why + ")"
                                + (why.contains("VITRINE_") ? "" : ": check user and password in VITRINE_REDIS_URL")
                        : "No answer from Redis at " + connections.where() + " (" + why
                                + "): start it, or check VITRINE_REDIS_URL",
                refused,
                e);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }

    /** Empty where it may not be asked. */
    private Properties server() {
        ping();
        try {
            Properties found = ask(redis -> redis.serverCommands().info("server"));
            return found == null ? new Properties() : found;
        } catch (RedisAwayException e) {
            if (e.isRefused()) {
                return new Properties();
            }
            throw e;
        }
    }

    private void checkMode(String mode) {
        if (mode.equals("sentinel")) {
            throw new IllegalStateException("Redis at " + connections.where()
                    + " is a sentinel: set VITRINE_REDIS_URL to redis+sentinel://HOST:PORT,…/MASTER");
        }
        if (mode.equals("cluster") && connections.kind() == RedisUrl.Kind.SINGLE) {
            throw new IllegalStateException("Redis at " + connections.where()
                    + " is a node of a cluster: set VITRINE_REDIS_URL to redis+cluster://HOST:PORT,…");
        }
    }

    /** Every step of a job is a script. */
    private void checkScripts() {
        try {
            connections.template().execute(ANY, List.of(new QueueKeys(QueuePart.NAME).jobs()));
        } catch (DataAccessException e) {
            if (causes(e).noneMatch(RedisCheck::isForbidden)) {
                throw away(e);
            }
            throw new IllegalStateException(
                    "Redis at " + connections.where() + " does not let Vitrine run scripts on its keys ("
                            + FailureReason.of(e).text()
                            + "): set its rules so that Vitrine's user may run EVAL on keys that begin with {vitrine",
                    e);
        }
    }

    private static boolean isForbidden(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof JedisAccessControlException
                || Stream.of("unknown command", "can't run", "can't access").anyMatch(message::contains);
    }

    private void checkVersion(String version) {
        if (version == null || !version.matches("\\d+\\.\\d+.*")) {
            LOG.warn("Redis at {} does not say its version; 6.2 or newer is needed", connections.where());
            return;
        }
        String[] parts = version.split("\\.");
        int major = Integer.parseInt(parts[0]);
        int minor = Integer.parseInt(parts[1]);
        if (major < 6 || major == 6 && minor < 2) {
            throw new IllegalStateException(
                    "Redis at " + connections.where() + " is version " + version + "; use 6.2 or newer");
        }
    }

    private void checkEviction(String policy) {
        if (policy == null) {
            LOG.warn(
                    "Redis at {} does not show its settings; make sure that maxmemory-policy is noeviction, or jobs are"
                            + " lost when its memory is full",
                    connections.where());
        } else if (!policy.equals("noeviction")) {
            throw new IllegalStateException(
                    "Redis at " + connections.where() + " throws keys away when its memory is full"
                            + " (maxmemory-policy " + policy + "): set maxmemory-policy noeviction");
        }
    }

    private void checkPersistence(String appendonly, String save) {
        if ("no".equals(appendonly) && save != null && save.isBlank()) {
            LOG.warn(
                    "Redis at {} keeps nothing on disk: after its restart the queue is refilled from the spool, and the"
                            + " state of ended jobs is gone; set appendonly yes",
                    connections.where());
        }
    }

    /** Null where the server does not show it. */
    private String setting(String name) {
        try {
            Properties found = connections.template().execute((RedisCallback<Properties>)
                    (RedisConnection redis) -> redis.serverCommands().getConfig(name));
            return found == null ? null : found.getProperty(name);
        } catch (DataAccessException e) {
            if (causes(e).anyMatch(JedisConnectionException.class::isInstance)) {
                throw away(e);
            }
            LOG.debug("CONFIG GET {} failed at {}", name, connections.where(), e);
            return null;
        }
    }
}
