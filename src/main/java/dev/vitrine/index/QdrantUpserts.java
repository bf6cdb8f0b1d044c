package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.filter;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.VectorsFactory.vectors;

import dev.vitrine.batch.Batcher.Outcome;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes batches of points for a {@link QdrantIndex}, each point unless a newer one is there. */
final class QdrantUpserts {

    record Put(UUID pointId, Product product, float[] unit) {}

    private final QdrantConnection connection;
    private final QdrantCollection collection;

    QdrantUpserts(QdrantConnection connection, QdrantCollection collection) {
        this.connection = connection;
        this.collection = collection;
    }

    List<Outcome<Void>> write(List<Put> batch) {
        try {
            upsert(batch);
        } catch (IllegalArgumentException e) {
            return batch.size() == 1 ? List.of(Outcome.failed(e)) : oneByOne(batch);
        }
        return Collections.nCopies(batch.size(), Outcome.of(null));
    }

    /** After a refused batch: finds the point at fault, so that it alone fails. */
    private List<Outcome<Void>> oneByOne(List<Put> batch) {
        List<Outcome<Void>> outcomes = new ArrayList<>(batch.size());
        for (Put put : batch) {
            try {
                upsert(List.of(put));
                outcomes.add(Outcome.of(null));
            } catch (RuntimeException e) {
                outcomes.add(Outcome.failed(e));
            }
        }
        return outcomes;
    }

    private void upsert(List<Put> batch) {
        Map<UUID, Put> newest = new LinkedHashMap<>();
        for (Put put : batch) {
            newest.merge(
                    put.pointId(),
                    put,
                    (a, b) -> b.product().version() >= a.product().version() ? b : a);
        }
        UpsertPoints.Builder request =
                UpsertPoints.newBuilder().setCollectionName(collection.name()).setWait(true);
        Filter.Builder notNewer = Filter.newBuilder();
        for (Put put : newest.values()) {
            request.addPoints(PointStruct.newBuilder()
                    .setId(id(put.pointId()))
                    .setVectors(vectors(put.unit()))
                    .putAllPayload(QdrantPayload.of(put.product())));
            notNewer.addShould(filter(notNewer(put.product())));
        }
        request.setUpdateFilter(notNewer);
        collection.call(deadline -> {
            connection.settled(connection.points(deadline).upsert(request.build()));
            return null;
        });
    }

    /**
     * Matches the stored point where its version is not greater. The filter of a request holds for all its points, so each
     * gets a clause of its own. The clause names the point by its payload: Qdrant 1.17.0 logs a {@code has_id} with a UUID
     * such that it cannot read its log when it starts again.
     */
    private static Filter notNewer(Product product) {
        return QdrantIndex.notNewer(product.productId(), product.version())
                .addMust(matchKeyword(QdrantPayload.IMAGE_ID, product.imageId()))
                .build();
    }
}
