package dev.vitrine.cluster;

import dev.vitrine.cluster.Machine.Program;
import dev.vitrine.testing.QdrantCluster;
import dev.vitrine.testing.QdrantNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A Redis whose replicas take over, a Qdrant of three nodes and an object store, each process on a host of its own. */
final class ReplicatedServers implements Servers {
    private static final int NODES = 3;
    private static final int LONGEST_MS = 6_000;

    private final ReplicatedRedis redis;
    private final List<Host> qdrantHosts;
    private final QdrantCluster qdrant;
    private final ObjectServer objects;

    ReplicatedServers(Network network, ReplicatedRedis redis, Path folder) {
        this.redis = redis;
        qdrantHosts = IntStream.range(0, NODES)
                .mapToObj(i -> network.host("qdrant-" + i))
                .toList();
        qdrant = QdrantCluster.start(List.copyOf(qdrantHosts));
        objects = new ObjectServer(network.host("s3"), folder.resolve("s3"));
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(objects.environment());
        environment.put("VITRINE_REDIS_URL", redis.url());
        environment.put("VITRINE_QDRANT_URL", qdrant.urls());
        return environment;
    }

    /** One at a time: the loss of a second machine of the three, before the first one is whole again, nobody promises. */
    @Override
    public void awaitWhole() {
        redis.awaitWhole();
        qdrant.awaitActive(ClusterTest.COLLECTION);
    }

    @Override
    public List<Machine> machines() {
        List<Machine> machines = new ArrayList<>(List.of(redis.machine(), objects.machine()));
        for (int i = 0; i < NODES; i++) {
            QdrantNode node = qdrant.node(i);
            int number = i;
            machines.add(new Machine(
                    "qdrant",
                    qdrantHosts.get(i),
                    LONGEST_MS,
                    new Program(node::kill, () -> qdrant.restart(number), node::pause, node::resume)));
        }
        return machines;
    }

    @Override
    public long points(String collection) {
        return Points.count(qdrant.node(0).httpUrl(), collection);
    }

    @Override
    public List<String> owed() {
        return objects.owed();
    }

    @Override
    public void assertSwept(long seed) {
        objects.assertSwept(seed);
    }

    @Override
    public void close() {
        objects.close();
        qdrant.close();
        redis.close();
    }
}
