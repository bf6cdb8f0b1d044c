package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.matchKeywords;

import io.grpc.Deadline;
import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointGroup;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SearchParams;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the nearest products in a {@link QdrantIndex}. */
final class QdrantSearch {

    /** Candidates that a search keeps (HNSW's ef), at least. */
    private static final int CANDIDATES = 32;

    private final QdrantConnection connection;
    private final String collection;
    private final float[] unit;
    private final ProductQuery wanted;
    private final Filter filter;

    /**
     * @param unit the query's vector, of length 1
     * @param filter the query's in Qdrant's words, empty for all points
     */
    QdrantSearch(QdrantConnection connection, String collection, float[] unit, ProductQuery wanted, Filter filter) {
        this.connection = connection;
        this.collection = collection;
        this.unit = unit;
        this.wanted = wanted;
        this.filter = filter;
    }

    /**
     * The best picture of each product: Qdrant groups them. It gives up after a few rounds where single products have many
     * near pictures; then those that it found are left out and it is asked for the rest.
     */
    List<SearchHit> nearest(Deadline deadline) {
        int limit = wanted.limit();
        Map<String, SearchHit> best = new LinkedHashMap<>();
        while (best.size() < limit) {
            int before = best.size();
            for (PointGroup group : groups(best, limit, deadline)) {
                for (ScoredPoint point : group.getHitsList()) {
                    Product product = QdrantPayload.product(point.getPayloadMap());
                    float cosine = Math.max(-1, Math.min(1, point.getScore()));
                    best.putIfAbsent(product.productId(), new SearchHit(product, cosine));
                }
            }
            if (best.size() == before) {
                break;
            }
        }
        return best.values().stream()
                .sorted(Comparator.comparing(SearchHit::score).reversed())
                .toList();
    }

    private List<PointGroup> groups(Map<String, SearchHit> best, int limit, Deadline deadline) {
        QueryPointGroups.Builder query = QueryPointGroups.newBuilder()
                .setCollectionName(collection)
                .setQuery(QueryFactory.nearest(unit))
                .setParams(SearchParams.newBuilder().setHnswEf(Math.max(2 * limit, CANDIDATES)))
                .setGroupBy(QdrantPayload.PRODUCT_ID)
                .setGroupSize(1)
                .setLimit(limit - best.size())
                .setWithPayload(WithPayloadSelectorFactory.enable(true));
        if (wanted.minScore() > -1) {
            query.setScoreThreshold(wanted.minScore());
        }
        List<String> without =
                Stream.concat(best.keySet().stream(), wanted.without().stream()).toList();
        query.setFilter(
                without.isEmpty()
                        ? filter
                        : filter.toBuilder()
                                .addMustNot(matchKeywords(QdrantPayload.PRODUCT_ID, without))
                                .build());
        return connection
                .points(deadline)
                .queryGroups(query.build())
                .getResult()
                .getGroupsList();
    }
}
