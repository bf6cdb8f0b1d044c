package dev.vitrine.cluster;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One Redis and one Qdrant; the spool is a folder that all hosts share. */
final class SingleServers implements Servers {
    private static final int LONGEST_MS = 4_000;

    private final Host redisHost;
    private final Host qdrantHost;
    private final RedisServer redis;
    private final QdrantServer qdrant;

    SingleServers(Network network, Path folder) {
        redisHost = network.host("redis");
        qdrantHost = network.host("qdrant");
        redis = new RedisServer(folder.resolve("redis"), "everysec", redisHost).start();
        qdrant = QdrantServer.create(qdrantHost, Map.of());
        qdrant.start();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_QDRANT_URL", qdrant.grpcUrl());
    }

    @Override
    public List<Machine> machines() {
        return List.of(Machine.of(redis, redisHost, LONGEST_MS), Machine.of(qdrant, qdrantHost, LONGEST_MS));
    }

    @Override
    public long points(String collection) {
        return Points.count(qdrant.httpUrl(), collection);
    }

    @Override
    public List<String> kept() {
        return List.of();
    }

    @Override
    public void close() {
        redis.close();
        qdrant.close();
    }
}
