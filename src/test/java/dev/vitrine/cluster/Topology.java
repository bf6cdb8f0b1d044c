package dev.vitrine.cluster;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Which servers an installation stands on. */
enum Topology {
    /** One Redis, one Qdrant, a shared folder. */
    SINGLE {
        @Override
        Servers start(Network network, Path folder) {
            return new SingleServers(network, folder);
        }
    },
    /** A Redis with sentinels, a Qdrant of three nodes, an object store. */
    SENTINELS {
        @Override
        Servers start(Network network, Path folder) {
            ReplicatedRedis redis = ReplicatedRedis.withSentinels(network, folder.resolve("redis"));
            return new ReplicatedServers(network, redis, folder);
        }
    },
    /** A Redis Cluster of three masters and three replicas, a Qdrant of three nodes, an object store. */
    CLUSTER {
        @Override
        Servers start(Network network, Path folder) {
            ReplicatedRedis redis = ReplicatedRedis.cluster(network, folder.resolve("redis"));
            return new ReplicatedServers(network, redis, folder);
        }
    };

    abstract Servers start(Network network, Path folder);

    /** Those to be tested: {@code -Dcluster.topology=NAME} says one. */
    static Stream<Topology> chosen() {
        String name = System.getProperty("cluster.topology");
        return name == null ? Arrays.stream(values()) : Stream.of(valueOf(name));
    }
}
