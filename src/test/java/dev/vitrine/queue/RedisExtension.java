package dev.vitrine.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real Redis for all test classes of a run, empty before each test; as a parameter, connections to it. The server
 * ends and its folder goes when the run ends.
 */
public final class RedisExtension implements BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(RedisExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        server(context)
                .connections
                .template()
                .execute(
                        redis -> {
                            redis.serverCommands().flushAll();
                            redis.serverCommands().resetConfigStats();
                            return null;
                        },
                        true);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RedisConnections.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server(context).connections;
    }

    /** The bundled server, or the one that {@code -Dredis.executable} names, to test with another version. */
    private static EmbeddedRedis.Options options() {
        String executable = System.getProperty("redis.executable");
        return executable == null
                ? EmbeddedRedis.Options.DEFAULT
                : new EmbeddedRedis.Options(EmbeddedRedis.Fsync.EVERYSEC, Duration.ofSeconds(30), Path.of(executable));
    }

    private static Server server(ExtensionContext context) {
        return context.getRoot().getStore(HERE).getOrComputeIfAbsent("server", key -> new Server(), Server.class);
    }

    private static final class Server implements AutoCloseable {

        private final Path folder;
        private final EmbeddedRedis redis;
        private final RedisConnections connections;

        Server() {
            try {
                folder = Files.createTempDirectory("vitrine-redis");
                redis = EmbeddedRedis.start(folder, options());
            } catch (IOException e) {
                throw new IllegalStateException("Cannot start the Redis for tests", e);
            }
            connections = new RedisConnections(redis.url());
        }

        @Override
        public void close() throws IOException {
            connections.close();
            redis.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
