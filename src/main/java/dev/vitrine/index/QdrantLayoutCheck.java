package dev.vitrine.index;

import io.qdrant.client.grpc.Collections.CollectionClusterInfoResponse;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares how a collection lies on the nodes of Qdrant with what the settings say. */
final class QdrantLayoutCheck {

    /**
     * Something that is not as it is to be.
     *
     * @param found what is and what shall be
     * @param advice what to do
     */
    record Difference(String found, String advice) {
        @Override
        public String toString() {
            return found + "; " + advice;
        }
    }

    private final String collection;
    private final QdrantLayout wanted;

    QdrantLayoutCheck(String collection, QdrantLayout wanted) {
        this.collection = collection;
        this.wanted = wanted;
    }

    /**
     * Compares; numbers that are left to Qdrant are all right as they are.
     *
     * @param params that the collection was made with, or got later
     * @param cluster where its shards are
     */
    List<Difference> differences(CollectionParams params, CollectionClusterInfoResponse cluster) {
        List<Difference> all = new ArrayList<>();
        if (wanted.shards() > 0 && params.getShardNumber() != wanted.shards()) {
            all.add(new Difference(
                    "has " + params.getShardNumber() + " shards, but VITRINE_QDRANT_SHARD_NUMBER is " + wanted.shards(),
                    "a collection keeps its number: change the setting, or fill a new collection (./vitrine reindex)"));
        }
        if (wanted.copies() > 0) {
            copies(params, cluster, all);
        }
        int writes = Math.max(1, params.getWriteConsistencyFactor());
        if (wanted.writes() > 0 && writes != wanted.writes()) {
            all.add(new Difference(
                    "counts a write that " + writes + " copies took, but VITRINE_QDRANT_WRITE_CONSISTENCY_FACTOR is "
                            + wanted.writes(),
                    patch("write_consistency_factor", wanted.writes())));
        }
        return all;
    }

    private void copies(CollectionParams params, CollectionClusterInfoResponse cluster, List<Difference> all) {
        int factor = Math.max(1, params.getReplicationFactor());
        if (factor != wanted.copies()) {
            all.add(new Difference(
                    "was made for " + factor + " copies of each shard, but VITRINE_QDRANT_REPLICATION_FACTOR is "
                            + wanted.copies(),
                    patch("replication_factor", wanted.copies()) + ", which makes no copies by itself"));
        }
        Map<Integer, Integer> copies = copies(cluster);
        List<Integer> few = copies.entrySet().stream()
                .filter(shard -> shard.getValue() < wanted.copies())
                .map(Map.Entry::getKey)
                .toList();
        if (!few.isEmpty()) {
            all.add(new Difference(
                    "has fewer than " + wanted.copies() + " active copies of the shards "
                            + few.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    "if a node is away or has just come back, wait; else copy them with POST /collections/" + collection
                            + "/cluster {\"replicate_shard\": {\"shard_id\": …, \"from_peer_id\": …, \"to_peer_id\": …}}"
                            + " at Qdrant's HTTP port; GET /collections/" + collection
                            + "/cluster says which peer has which"));
        }
    }

    /** How many copies of each shard serve. */
    private static Map<Integer, Integer> copies(CollectionClusterInfoResponse cluster) {
        Map<Integer, Integer> copies = new TreeMap<>();
        cluster.getLocalShardsList()
                .forEach(shard -> copies.merge(
                        shard.getShardId(), shard.getState() == ReplicaState.Active ? 1 : 0, Integer::sum));
        cluster.getRemoteShardsList()
                .forEach(shard -> copies.merge(
                        shard.getShardId(), shard.getState() == ReplicaState.Active ? 1 : 0, Integer::sum));
        return copies;
    }

    private String patch(String parameter, int value) {
        return "change the setting, or send PATCH /collections/" + collection + " {\"params\": {\"" + parameter + "\": "
                + value + "}} to Qdrant's HTTP port";
    }
}
