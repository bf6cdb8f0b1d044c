package dev.vitrine.index;

import io.qdrant.client.PointIdFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Whole points of a {@link QdrantIndex}, in the order of their ids. Points of other programs, which have numbers as ids or
 * no product id, are passed over.
 */
final class QdrantStored {
    private static final UUID LEAST = new UUID(0, 0);

    /** A payload may have some 16 KB, and a vector too. */
    private static final int PAGE = 128;

    private final QdrantConnection connection;
    private final QdrantCollection collection;
    private final Filter filter;
    private final boolean withVectors;

    /** @param filter empty for all points */
    QdrantStored(QdrantConnection connection, QdrantCollection collection, Filter filter, boolean withVectors) {
        this.connection = connection;
        this.collection = collection;
        this.filter = filter;
        this.withVectors = withVectors;
    }

    /** @param after empty for the first points */
    List<StoredPoint> after(String after, int count) {
        ScrollPoints.Builder request = ScrollPoints.newBuilder()
                .setCollectionName(collection.name())
                .setFilter(filter)
                .setWithPayload(WithPayloadSelectorFactory.enable(true))
                .setWithVectors(WithVectorsSelectorFactory.enable(withVectors))
                .setOffset(PointIdFactory.id(after.isEmpty() ? LEAST : UUID.fromString(after)));
        List<StoredPoint> points = new ArrayList<>();
        while (true) {
            request.setLimit(Math.min(PAGE, count + 1 - points.size()));
            ScrollResponse page =
                    collection.call(deadline -> connection.points(deadline).scroll(request.build()));
            for (RetrievedPoint found : page.getResultList()) {
                Product product = QdrantPayload.product(found.getPayloadMap());
                String id = found.getId().getUuid();
                if (!product.productId().isEmpty() && !id.equals(after)) {
                    points.add(new StoredPoint(id, product, withVectors ? QdrantVectors.vector(found) : null));
                }
            }
            if (points.size() >= count) {
                return points.subList(0, count);
            }
            if (!page.hasNextPageOffset()) {
                return points;
            }
            request.setOffset(page.getNextPageOffset());
        }
    }
}
