package dev.vitrine.testing;

import dev.vitrine.servers.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A master, its replicas and three sentinels, which make a replica the master when the master is gone. */
public final class RedisSentinels implements AutoCloseable {
    /** The name that the sentinels know the master by. */
    public static final String NAME = "vitrine-test";

    private static final int SENTINELS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisNode> servers;
    private final List<RedisNode> sentinels;
    private final int replicas;

    private RedisSentinels(List<RedisNode> servers, List<RedisNode> sentinels) {
        this.servers = servers;
        this.sentinels = sentinels;
        this.replicas = servers.size() - 1;
    }

    /** On this machine's loopback address, with two replicas; a master that is silent for 2 s is replaced. */
    public static RedisSentinels start(Path folder) {
        return start(folder, List.of(Place.HERE), 2, Duration.ofSeconds(2));
    }

    /**
     * Starts all and returns when every sentinel knows every other and all replicas.
     *
     * @param hosts servers and sentinels are dealt out to them in turn
     * @param downAfter how long a master must be silent
     */
    public static RedisSentinels start(Path folder, List<? extends Place> hosts, int replicas, Duration downAfter) {
        List<RedisNode> servers = new ArrayList<>();
        for (int i = 0; i <= replicas; i++) {
            servers.add(server(folder.resolve("server-" + i), hosts.get(i % hosts.size()), servers));
        }
        List<RedisNode> sentinels = IntStream.range(0, SENTINELS)
                .mapToObj(i -> sentinel(
                        folder.resolve("sentinel-" + i), hosts.get(i % hosts.size()), servers.get(0), downAfter))
                .toList();
        RedisSentinels all = new RedisSentinels(List.copyOf(servers), sentinels);
        try {
            servers.forEach(RedisNode::start);
            sentinels.forEach(RedisNode::start);
            Awaitility.await("the sentinels know each other and the replicas")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(all::isComplete);
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** What {@code VITRINE_REDIS_URL} is to be. */
    public String url() {
        return "redis+sentinel://"
                + sentinels.stream().map(node -> node.address().toString()).collect(Collectors.joining(",")) + "/"
                + NAME;
    }

    /** The server that says it is the master, as soon as one does; a paused one does not count. */
    public RedisNode master() {
        Awaitility.await("a master")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> servers.stream().anyMatch(RedisNode::isMaster));
        return servers.stream().filter(RedisNode::isMaster).findFirst().orElseThrow();
    }

    /** All servers, first the one that was the master at the start. */
    public List<RedisNode> servers() {
        return servers;
    }

    /** The sentinels. */
    public List<RedisNode> sentinels() {
        return sentinels;
    }

    @Override
    public void close() {
        sentinels.forEach(RedisNode::close);
        servers.forEach(RedisNode::close);
    }

    private static RedisNode server(Path folder, Place host, List<RedisNode> before) {
        List<String> options =
                new ArrayList<>(List.of("--appendonly", "yes", "--save", "", "--repl-diskless-sync-delay", "0"));
        if (!before.isEmpty()) {
            RedisNode first = before.get(0);
            options.addAll(List.of(
                    "--replicaof",
                    first.address().getHost(),
                    Integer.toString(first.address().getPort())));
        }
        return new RedisNode(folder, host, FreePort.findLasting(), options);
    }

    /** A sentinel writes what it learns into its file. */
    private static RedisNode sentinel(Path folder, Place host, RedisNode master, Duration downAfter) {
        String monitor = String.join(
                "\n",
                "sentinel monitor " + NAME + " " + master.address().getHost() + " "
                        + master.address().getPort() + " 2",
                "sentinel down-after-milliseconds " + NAME + " " + downAfter.toMillis(),
                "sentinel failover-timeout " + NAME + " 10000",
                "sentinel announce-ip " + host.address(),
                "");
        try {
            Path file = Files.createDirectories(folder).resolve("sentinel.conf");
            Files.writeString(file, monitor);
            return new RedisNode(
                    folder,
                    host,
                    FreePort.findLasting(),
                    List.of(file.toAbsolutePath().toString(), "--sentinel"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isComplete() {
        return sentinels.stream().allMatch(node -> {
            try (Jedis sentinel = node.connect()) {
                return sentinel.sentinelSentinels(NAME).size() == SENTINELS - 1
                        && sentinel.sentinelReplicas(NAME).stream()
                                        .filter(replica -> "ok".equals(replica.get("master-link-status")))
                                        .count()
                                == replicas;
            } catch (JedisException e) {
                return false;
            }
        });
    }
}
