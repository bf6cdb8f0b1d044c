package dev.vitrine.cluster;

import dev.vitrine.chaos.Leftovers;
import dev.vitrine.cluster.Machine.Program;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One Redis and one Qdrant; the spool is a folder that all hosts share. */
final class SingleServers implements Servers {
    private static final int LONGEST_MS = 4_000;

    private final Path spool;
    private final Host redisHost;
    private final Host qdrantHost;
    private final RedisServer redis;
    private final QdrantServer qdrant;

    SingleServers(Network network, Path folder) {
        spool = folder.resolve("spool");
        redisHost = network.host("redis");
        qdrantHost = network.host("qdrant");
        redis = new RedisServer(folder.resolve("redis"), "everysec", redisHost).start();
        qdrant = QdrantServer.create(qdrantHost, Map.of());
        qdrant.start();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "VITRINE_REDIS_URL", redis.url(),
                "VITRINE_QDRANT_URL", qdrant.grpcUrl(),
                "VITRINE_SPOOL", spool.toString());
    }

    @Override
    public List<Machine> machines() {
        return List.of(
                new Machine(
                        "redis",
                        redisHost,
                        LONGEST_MS,
                        new Program(redis::kill, redis::start, redis::pause, redis::resume)),
                new Machine(
                        "qdrant",
                        qdrantHost,
                        LONGEST_MS,
                        new Program(qdrant::kill, qdrant::start, qdrant::pause, qdrant::resume)));
    }

    @Override
    public void awaitWhole() {
        // it is, as soon as it answers
    }

    @Override
    public long points(String collection) {
        return Points.count(qdrant.httpUrl(), collection);
    }

    @Override
    public List<Path> owed() {
        return Leftovers.owed(spool);
    }

    @Override
    public void assertSwept(long seed) {
        Leftovers.assertSwept(List.of(spool), file -> false, seed);
    }

    @Override
    public void close() {
        redis.close();
        qdrant.close();
    }
}
