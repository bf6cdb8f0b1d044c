package dev.vitrine.cluster;

import static org.awaitility.Awaitility.await;

import dev.vitrine.cluster.Machine.Program;
import dev.vitrine.testing.RedisCluster;
import dev.vitrine.testing.RedisNode;
import dev.vitrine.testing.RedisSentinels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis whose replica takes over where the master of Vitrine's keys is silent for a while. */
final class ReplicatedRedis implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Half of it is longer than it takes until another is the master, mostly. */
    private static final int LONGEST_MS = 10_000;

    private final String url;
    private final List<Host> hosts;
    private final List<RedisNode> nodes;
    private final int masters;
    private final Supplier<RedisNode> master;
    private final Runnable close;

    private ReplicatedRedis(
            String url,
            List<Host> hosts,
            List<RedisNode> nodes,
            int masters,
            Supplier<RedisNode> master,
            Runnable close) {
        this.url = url;
        this.hosts = hosts;
        this.nodes = nodes;
        this.masters = masters;
        this.master = master;
        this.close = close;
    }

    /** A master, two replicas and three sentinels on three hosts. */
    static ReplicatedRedis withSentinels(Network network, Path folder) {
        List<Host> hosts = hosts(network, 3);
        RedisSentinels redis = RedisSentinels.start(folder, hosts, 2, SILENCE);
        return new ReplicatedRedis(redis.url(), hosts, redis.servers(), 1, redis::master, redis::close);
    }

    /** Three masters and three replicas on six hosts. */
    static ReplicatedRedis cluster(Network network, Path folder) {
        List<Host> hosts = hosts(network, 6);
        RedisCluster redis = RedisCluster.start(folder, hosts, 3, 1, SILENCE);
        return new ReplicatedRedis(
                redis.url(), hosts, redis.nodes(), 3, () -> redis.masterOf("{vitrine}:jobs"), redis::close);
    }

    String url() {
        return url;
    }

    /** The one that takes Vitrine's writes now. */
    Machine machine() {
        RedisNode node = master.get();
        Host host = hosts.get(nodes.indexOf(node));
        return new Machine("redis", host, LONGEST_MS, new Program(node::kill, node::start, node::pause, node::resume));
    }

    /** Waits until there are as many masters as at the start, and every other server has all that its master has. */
    void awaitWhole() {
        await("every replica is linked")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    List<String> states =
                            nodes.stream().map(ReplicatedRedis::replication).toList();
                    long leading = states.stream()
                            .filter(state -> state.contains("role:master"))
                            .count();
                    long linked = states.stream()
                            .filter(state -> state.contains("master_link_status:up"))
                            .count();
                    return leading == masters && linked == nodes.size() - masters;
                });
    }

    @Override
    public void close() {
        close.run();
    }

    private static String replication(RedisNode node) {
        try (Jedis redis = node.connect()) {
            return redis.info("replication");
        } catch (JedisException e) {
            return "";
        }
    }

    private static List<Host> hosts(Network network, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> network.host("redis-" + i))
                .toList();
    }
}
