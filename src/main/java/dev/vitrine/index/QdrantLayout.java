package dev.vitrine.index;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import io.qdrant.client.grpc.Collections.CreateCollection;
import java.util.List;

/**
 * How a collection lies on the nodes of a Qdrant cluster. It is given to Qdrant when a collection is made; 0 leaves a
 * number to Qdrant.
 *
 * @param shards into how many parts the points are divided
 * @param copies how many nodes hold each shard
 * @param writes how many of them must have taken a write
 */
public record QdrantLayout(int shards, int copies, int writes) {
    /** All is left to Qdrant: a shard for each node, one copy. */
    public static final QdrantLayout NONE = new QdrantLayout(0, 0, 0);

    /** With several nodes the points outlive one of them. */
    private static final int COPIES_OF_SEVERAL = 2;

    private static final int MOST = 1_000;

    private static final Setting<Long> SHARDS = Setting.number(
                    "VITRINE_QDRANT_SHARD_NUMBER",
                    0,
                    0,
                    MOST,
                    "into how many shards Qdrant divides a collection that is made; 0 leaves it to Qdrant")
            .shownAs("one a node");
    private static final Setting<Long> COPIES = Setting.number(
                    "VITRINE_QDRANT_REPLICATION_FACTOR",
                    0,
                    0,
                    MOST,
                    "how many nodes hold each shard of a collection that is made")
            .shownAs("1; 2 with several URLs");
    private static final Setting<Long> WRITES = Setting.number(
                    "VITRINE_QDRANT_WRITE_CONSISTENCY_FACTOR",
                    0,
                    0,
                    MOST,
                    "how many of them must have taken a write for it to count, of a collection that is made")
            .shownAs("1");

    /** All that is read here. */
    static final List<Setting<?>> ALL = List.of(SHARDS, COPIES, WRITES);

    /**
     * Reads an installation's settings.
     *
     * @param nodes how many URLs of Qdrant there are
     * @throws InvalidSettingException when more copies are to take a write than there are
     */
    static QdrantLayout read(SettingSource source, int nodes) {
        int copies = Math.toIntExact(COPIES.read(source));
        QdrantLayout layout = new QdrantLayout(
                Math.toIntExact(SHARDS.read(source)),
                copies == 0 && nodes > 1 ? COPIES_OF_SEVERAL : copies,
                Math.toIntExact(WRITES.read(source)));
        if (layout.writes > Math.max(1, layout.copies)) {
            throw new InvalidSettingException(WRITES.name() + " is " + layout.writes + ", but " + COPIES.name() + " is "
                    + Math.max(1, layout.copies) + "; no write would ever count");
        }
        return layout;
    }

    /** Has a collection made so. */
    void in(CreateCollection.Builder request) {
        if (shards > 0) {
            request.setShardNumber(shards);
        }
        if (copies > 0) {
            request.setReplicationFactor(copies);
        }
        if (writes > 0) {
            request.setWriteConsistencyFactor(writes);
        }
    }
}
