package dev.vitrine.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.core.script.RedisScript;

/** The queue's Lua scripts, each behind the functions that all share, by the type of their reply. */
final class QueueScripts {
    private static final String PRELUDE = read("prelude");

    private QueueScripts() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    static RedisScript<List<?>> list(String name) {
        return (RedisScript) new DefaultRedisScript<>(PRELUDE + read(name), List.class);
    }

    static RedisScript<Long> count(String name) {
        return new DefaultRedisScript<>(PRELUDE + read(name), Long.class);
    }

    static RedisScript<String> text(String name) {
        return new DefaultRedisScript<>(PRELUDE + read(name), String.class);
    }

    /** The text of a script that has keys of its own. */
    static String alone(String name) {
        return read(name);
    }

    /** One that is not about the queue's keys. */
    static RedisScript<Long> plain(String name) {
        return new DefaultRedisScript<>(read(name), Long.class);
    }

    private static String read(String script) {
        try (InputStream in = QueueScripts.class.getResourceAsStream(script + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the queue's script " + script + " from the jar", e);
        }
    }
}
