package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.matchKeywords;

import io.qdrant.client.PointIdFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The points of a {@link QdrantIndex} in the order of their ids, as Qdrant scrolls. Each call of it has a deadline of its
 * own. Points of other programs, which have numbers as ids or no product id, are passed over.
 */
final class QdrantPoints implements ProductListing.Points {
    private static final int PAGE = 1_024;

    /** Whole payloads may have some 16 KB each. */
    private static final int WHOLE_PAGE = 128;

    private static final UUID LEAST = new UUID(0, 0);

    private static final WithPayloadSelector LISTED = WithPayloadSelectorFactory.include(
            List.of(QdrantPayload.PRODUCT_ID, QdrantPayload.IMAGE_ID, QdrantPayload.VERSION, QdrantPayload.INDEXED_AT));

    private final QdrantConnection connection;
    private final QdrantCollection collection;
    private final Filter filter;

    /** @param filter empty for all points */
    QdrantPoints(QdrantConnection connection, QdrantCollection collection, Filter filter) {
        this.connection = connection;
        this.collection = collection;
        this.filter = filter;
    }

    @Override
    public List<ProductListing.Point> after(String id, int count) {
        List<ProductListing.Point> points = new ArrayList<>();
        ScrollPoints.Builder request =
                request(filter, count + 1).setOffset(PointIdFactory.id(id.isEmpty() ? LEAST : UUID.fromString(id)));
        while (true) {
            ScrollResponse page = scroll(request);
            for (RetrievedPoint found : page.getResultList()) {
                ProductListing.Point point = point(found);
                if (!point.productId().isEmpty() && !point.id().equals(id)) {
                    points.add(point);
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

    @Override
    public List<ProductListing.Point> of(Collection<String> productIds) {
        Filter ofProducts = filter.toBuilder()
                .addMust(matchKeywords(QdrantPayload.PRODUCT_ID, List.copyOf(productIds)))
                .build();
        ScrollPoints.Builder request = request(ofProducts, PAGE).setOffset(PointIdFactory.id(LEAST));
        List<ProductListing.Point> points = new ArrayList<>();
        while (true) {
            ScrollResponse page = scroll(request);
            page.getResultList().forEach(found -> points.add(point(found)));
            if (!page.hasNextPageOffset()) {
                return points;
            }
            request.setOffset(page.getNextPageOffset());
        }
    }

    @Override
    public Map<String, Product> products(List<String> ids) {
        Map<String, Product> products = new HashMap<>();
        for (int from = 0; from < ids.size(); from += WHOLE_PAGE) {
            GetPoints request = GetPoints.newBuilder()
                    .setCollectionName(collection.name())
                    .addAllIds(ids.subList(from, Math.min(ids.size(), from + WHOLE_PAGE)).stream()
                            .map(id -> PointIdFactory.id(UUID.fromString(id)))
                            .toList())
                    .setWithPayload(WithPayloadSelectorFactory.enable(true))
                    .build();
            collection
                    .call(deadline -> connection.points(deadline).get(request))
                    .getResultList()
                    .forEach(found ->
                            products.put(found.getId().getUuid(), QdrantPayload.product(found.getPayloadMap())));
        }
        return products;
    }

    private ScrollPoints.Builder request(Filter wanted, int limit) {
        return ScrollPoints.newBuilder()
                .setCollectionName(collection.name())
                .setFilter(wanted)
                .setWithPayload(LISTED)
                .setLimit(limit);
    }

    private ScrollResponse scroll(ScrollPoints.Builder request) {
        return collection.call(deadline -> connection.points(deadline).scroll(request.build()));
    }

    private static ProductListing.Point point(RetrievedPoint found) {
        Product product = QdrantPayload.product(found.getPayloadMap());
        return new ProductListing.Point(
                found.getId().getUuid(),
                product.productId(),
                product.imageId(),
                product.version(),
                product.indexedAt().toEpochMilli());
    }
}
