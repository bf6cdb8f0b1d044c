package dev.vitrine.index;

import io.qdrant.client.ConditionFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Points.Direction;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.ScrollPoints;
import java.util.List;

/** The versions in a {@link QdrantIndex}. */
final class QdrantVersions {
    private QdrantVersions() {}

    /** The greatest that is not beyond a bound; −1 where there is none. One read of the index of versions. */
    static long newest(QdrantConnection connection, QdrantCollection collection, long until) {
        ScrollPoints request = ScrollPoints.newBuilder()
                .setCollectionName(collection.name())
                .setFilter(Filter.newBuilder()
                        .addMust(ConditionFactory.range(
                                QdrantPayload.VERSION,
                                Range.newBuilder().setLte(until).build())))
                .setOrderBy(OrderBy.newBuilder().setKey(QdrantPayload.VERSION).setDirection(Direction.Desc))
                .setLimit(1)
                .setWithPayload(WithPayloadSelectorFactory.include(List.of(QdrantPayload.VERSION)))
                .build();
        return collection.call(deadline -> connection.points(deadline).scroll(request)).getResultList().stream()
                .mapToLong(found -> QdrantPayload.product(found.getPayloadMap()).version())
                .findFirst()
                .orElse(-1);
    }
}
