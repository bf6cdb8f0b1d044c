package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis Cluster: masters that share the slots, and replicas that take over. */
public final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisNode> nodes;
    private final int masters;

    private RedisCluster(List<RedisNode> nodes, int masters) {
        this.nodes = nodes;
        this.masters = masters;
    }

    /** Three masters and three replicas on this machine's loopback address; who is silent for 2 s is replaced. */
    public static RedisCluster start(Path folder) {
        return start(folder, List.of(Place.HERE), 3, 1, Duration.ofSeconds(2));
    }

    /**
     * Starts all nodes, joins them, and returns when each says that the cluster is well and the replicas are linked.
     *
     * @param hosts the nodes are dealt out to them in turn, first the masters
     * @param replicas of each master
     * @param nodeTimeout how long a node must be silent
     */
    public static RedisCluster start(
            Path folder, List<? extends Place> hosts, int masters, int replicas, Duration nodeTimeout) {
        List<RedisNode> nodes = new ArrayList<>();
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < masters * (1 + replicas); i++) {
            int bus = FreePort.findLasting();
            busPorts.add(bus);
            nodes.add(new RedisNode(
                    folder.resolve("node-" + i),
                    hosts.get(i % hosts.size()),
                    FreePort.findLasting(),
                    List.of(
                            "--cluster-enabled",
                            "yes",
                            "--cluster-port",
                            Integer.toString(bus),
                            "--cluster-node-timeout",
                            Long.toString(nodeTimeout.toMillis()),
                            "--cluster-announce-ip",
                            hosts.get(i % hosts.size()).address(),
                            "--appendonly",
                            "yes",
                            "--save",
                            "",
                            "--repl-diskless-sync-delay",
                            "0")));
        }
        RedisCluster cluster = new RedisCluster(List.copyOf(nodes), masters);
        try {
            nodes.forEach(RedisNode::start);
            cluster.join(busPorts);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** What {@code VITRINE_REDIS_URL} is to be. */
    public String url() {
        return "redis+cluster://"
                + nodes.stream().map(node -> node.address().toString()).collect(Collectors.joining(","));
    }

    /** All nodes, first those that were masters at the start. */
    public List<RedisNode> nodes() {
        return nodes;
    }

    /** The node that takes the writes of a key, as soon as one does; a paused one does not count. */
    public RedisNode masterOf(String key) {
        Awaitility.await("a master of " + key)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> nodes.stream().anyMatch(node -> takes(node, key)));
        return nodes.stream().filter(node -> takes(node, key)).findFirst().orElseThrow();
    }

    /** A replica of a master, as the master knows it. */
    public RedisNode replicaOf(RedisNode master) {
        try (Jedis redis = master.connect()) {
            String replicas = redis.info("replication");
            return nodes.stream()
                    .filter(node -> replicas.contains("port=" + node.address().getPort() + ","))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        nodes.forEach(RedisNode::close);
    }

    private void join(List<Integer> busPorts) {
        for (int i = 0; i < masters; i++) {
            try (Jedis node = nodes.get(i).connect()) {
                int from = i * SLOTS / masters;
                node.clusterAddSlotsRange(from, (i + 1) * SLOTS / masters - 1);
                node.sendCommand(Protocol.Command.CLUSTER, "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            }
        }
        try (Jedis first = nodes.get(0).connect()) {
            for (int i = 1; i < nodes.size(); i++) {
                first.sendCommand(
                        Protocol.Command.CLUSTER,
                        "MEET",
                        nodes.get(i).address().getHost(),
                        Integer.toString(nodes.get(i).address().getPort()),
                        Integer.toString(busPorts.get(i)));
            }
        }
        await("all know each other", node -> node.clusterInfo().contains("cluster_known_nodes:" + nodes.size()));
        for (int i = masters; i < nodes.size(); i++) {
            try (Jedis master = nodes.get(i % masters).connect();
                    Jedis replica = nodes.get(i).connect()) {
                replica.clusterReplicate(master.clusterMyId());
            }
        }
        await(
                "the cluster is well",
                node -> node.clusterInfo().contains("cluster_state:ok")
                        && node.clusterInfo().contains("cluster_size:" + masters)
                        && !node.info("replication").contains("master_link_status:down"));
    }

    private void await(String what, Predicate<Jedis> condition) {
        for (RedisNode node : nodes) {
            Awaitility.await(what + ", says " + node.address())
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        try (Jedis redis = node.connect()) {
                            return condition.test(redis);
                        } catch (JedisException e) {
                            return false;
                        }
                    });
        }
    }

    /** A node that is not the key's master redirects. */
    private static boolean takes(RedisNode node, String key) {
        try (Jedis redis = node.connect()) {
            redis.exists(key);
            return "master".equals(redis.role().get(0));
        } catch (JedisException e) {
            return false;
        }
    }
}
