package dev.vitrine.queue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultScriptExecutor;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Runs scripts by their sum, and sends them whole where the server does not know them (any more, after a failover), or does
 * not permit that.
 */
final class PermittedScripts extends DefaultScriptExecutor<String> {
    private static final Logger LOG = LoggerFactory.getLogger(PermittedScripts.class);

    private volatile boolean isBySum = true;

    PermittedScripts(StringRedisTemplate template) {
        super(template);
    }

    /**
     * As always, but a script that answers with a list or a number and of which nothing is heard has failed: the connection
     * broke, or the thread has one whose replies come later. Callers know what to do where Redis is away.
     */
    @Override
    public <T> T execute(
            RedisScript<T> script,
            RedisSerializer<?> argsSerializer,
            RedisSerializer<T> resultSerializer,
            List<String> keys,
            Object... args) {
        T reply = super.execute(script, argsSerializer, resultSerializer, keys, args);
        if (reply == null && (script.getResultType() == List.class || script.getResultType() == Long.class)) {
            throw new RedisConnectionFailureException("Redis gave no reply to a script");
        }
        return reply;
    }

    @Override
    protected <T> T eval(
            RedisConnection connection,
            RedisScript<T> script,
            ReturnType type,
            int keys,
            byte[][] keysAndArgs,
            RedisSerializer<T> serializer) {
        if (isBySum) {
            try {
                return super.eval(connection, script, type, keys, keysAndArgs, serializer);
            } catch (RuntimeException e) {
                if (!forbidsSums(e)) {
                    throw e;
                }
                isBySum = false;
                LOG.info("Redis forbids EVALSHA; scripts are sent whole");
            }
        }
        Object reply = connection.scriptingCommands().eval(scriptBytes(script), type, keys, keysAndArgs);
        return script.getResultType() == null ? null : deserializeResult(serializer, reply);
    }

    private static boolean forbidsSums(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(message -> message.contains("evalsha")
                        && (message.contains("noperm")
                                || message.contains("permission")
                                || message.contains("unknown command")));
    }
}
