package dev.vitrine.index;

import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.qdrant.client.grpc.Collections.CollectionClusterInfoRequest;
import io.qdrant.client.grpc.Collections.CollectionClusterInfoResponse;
import io.qdrant.client.grpc.CollectionsGrpc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Makes sure that the nodes are of one cluster: each of several servers would otherwise hold some of the points. */
final class QdrantMembership {
    private static final long PATIENCE_MS = 1_000;

    private final List<QdrantPeer> peers;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Set<Long> members = ConcurrentHashMap.newKeySet();

    QdrantMembership(List<QdrantPeer> peers) {
        this.peers = peers;
    }

    /**
     * Asks each node that was not asked before who has a part of the collection. A node that does not answer is asked next
     * time.
     *
     * @return the nodes that do not know the collection; one that has just been made they hear of within moments
     * @throws UnfitIndexException when two nodes name nobody in common
     */
    List<String> check(String collection, Deadline deadline) {
        if (peers.size() < 2) {
            return List.of();
        }
        List<String> ignorant = new ArrayList<>();
        for (QdrantPeer peer : peers) {
            if (!known.contains(peer.url()) && !peer.isAside()) {
                try {
                    check(peer, named(peer, collection, deadline));
                } catch (StatusRuntimeException e) {
                    if (e.getStatus().getCode() == Code.NOT_FOUND) {
                        ignorant.add(peer.url());
                    }
                }
            }
        }
        return ignorant;
    }

    private void check(QdrantPeer peer, Collection<Long> named) {
        if (!members.isEmpty() && Collections.disjoint(members, named)) {
            throw new UnfitIndexException("VITRINE_QDRANT_URL names nodes that are not of one cluster: " + peer.url()
                    + " knows nothing of " + String.join(", ", known)
                    + ". Each would hold some of the points; name the nodes of one cluster, or one server");
        }
        members.addAll(named);
        known.add(peer.url());
    }

    private static Collection<Long> named(QdrantPeer peer, String collection, Deadline deadline) {
        CollectionClusterInfoResponse seen = CollectionsGrpc.newBlockingStub(peer.channel())
                .withDeadline(deadline.minimum(Deadline.after(PATIENCE_MS, TimeUnit.MILLISECONDS)))
                .collectionClusterInfo(CollectionClusterInfoRequest.newBuilder()
                        .setCollectionName(collection)
                        .build());
        Set<Long> named = new HashSet<>();
        named.add(seen.getPeerId());
        seen.getRemoteShardsList().forEach(shard -> named.add(shard.getPeerId()));
        return named;
    }
}
