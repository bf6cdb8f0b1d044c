package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.SettingSource;
import io.qdrant.client.grpc.Collections.CollectionClusterInfoResponse;
import io.qdrant.client.grpc.Collections.CollectionParams;
import io.qdrant.client.grpc.Collections.LocalShardInfo;
import io.qdrant.client.grpc.Collections.RemoteShardInfo;
import io.qdrant.client.grpc.Collections.ReplicaState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class QdrantLayoutCheckTest {
    private static final QdrantLayout WANTED = new QdrantLayout(3, 2, 2);

    /** Two shards, each with a copy here and one elsewhere. */
    private static CollectionClusterInfoResponse cluster(ReplicaState elsewhere) {
        CollectionClusterInfoResponse.Builder cluster = CollectionClusterInfoResponse.newBuilder();
        for (int shard = 0; shard < 2; shard++) {
            cluster.addLocalShards(LocalShardInfo.newBuilder().setShardId(shard).setState(ReplicaState.Active))
                    .addRemoteShards(RemoteShardInfo.newBuilder()
                            .setShardId(shard)
                            .setPeerId(7)
                            .setState(shard == 0 ? ReplicaState.Active : elsewhere));
        }
        return cluster.build();
    }

    private static CollectionParams params(int shards, int copies, int writes) {
        return CollectionParams.newBuilder()
                .setShardNumber(shards)
                .setReplicationFactor(copies)
                .setWriteConsistencyFactor(writes)
                .build();
    }

    private static List<String> differences(
            QdrantLayout wanted, CollectionParams params, CollectionClusterInfoResponse cluster) {
        return new QdrantLayoutCheck("products", wanted)
                .differences(params, cluster).stream()
                        .map(QdrantLayoutCheck.Difference::toString)
                        .toList();
    }

    private static QdrantLayout read(int nodes, Map<String, String> settings) {
        return QdrantLayout.read(new SettingSource(Path.of(""), settings, new Properties()), nodes);
    }

    @Test
    void aCollectionAsItIsToBeHasNoDifference() {
        assertThat(differences(WANTED, params(3, 2, 2), cluster(ReplicaState.Active)))
                .isEmpty();
    }

    @Test
    void whatIsLeftToQdrantIsRightAsItIs() {
        assertThat(differences(QdrantLayout.NONE, params(7, 1, 1), cluster(ReplicaState.Dead)))
                .isEmpty();
    }

    @Test
    void eachDifferenceSaysWhatToDo() {
        assertThat(differences(WANTED, params(1, 1, 1), cluster(ReplicaState.Active)))
                .satisfiesExactly(
                        shards -> assertThat(shards)
                                .contains("has 1 shards", "VITRINE_QDRANT_SHARD_NUMBER is 3", "reindex"),
                        copies -> assertThat(copies)
                                .contains("1 copies", "REPLICATION_FACTOR is 2", "PATCH /collections/products"),
                        writes -> assertThat(writes)
                                .contains(
                                        "that 1 copies took",
                                        "FACTOR is 2",
                                        "{\"params\": {\"write_consistency_factor\": 2}}"));
    }

    /** Qdrant's factor says what the collection was made for, and not how many copies there are. */
    @Test
    void copiesThatDoNotServeAreMissed() {
        assertThat(differences(WANTED, params(3, 2, 2), cluster(ReplicaState.Dead)))
                .singleElement()
                .asString()
                .contains("fewer than 2 active copies of the shards 1;", "replicate_shard");
    }

    @Test
    void severalNodesHaveTwoCopiesWhereNothingElseIsSaid() {
        assertThat(read(1, Map.of())).isEqualTo(QdrantLayout.NONE);
        assertThat(read(3, Map.of())).isEqualTo(new QdrantLayout(0, 2, 0));
        assertThat(read(3, Map.of("VITRINE_QDRANT_REPLICATION_FACTOR", "1")).copies())
                .isOne();
        assertThat(read(
                        1,
                        Map.of(
                                "VITRINE_QDRANT_SHARD_NUMBER", "6",
                                "VITRINE_QDRANT_REPLICATION_FACTOR", "3",
                                "VITRINE_QDRANT_WRITE_CONSISTENCY_FACTOR", "2")))
                .isEqualTo(new QdrantLayout(6, 3, 2));
    }

    @Test
    void moreCopiesThanThereAreCannotTakeAWrite() {
        assertThatThrownBy(() -> read(1, Map.of("VITRINE_QDRANT_WRITE_CONSISTENCY_FACTOR", "2")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContainingAll("is 2", "VITRINE_QDRANT_REPLICATION_FACTOR is 1");
    }
}
