package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.matchKeyword;

import io.grpc.Deadline;
import io.qdrant.client.QueryFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.BatchResult;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SearchParams;
import java.util.ArrayList;
import java.util.List;

/** The other pictures of products that were found in a {@link QdrantIndex}, by an exact search within each product. */
final class QdrantOthers {

    /** Pictures that are asked for at once, of some 16 KB at most each. */
    private static final int AT_ONCE = 1_000;

    private final QdrantConnection connection;
    private final String collection;
    private final float[] unit;
    private final ProductQuery wanted;
    private final Filter filter;

    /**
     * @param unit the query's vector, of length 1
     * @param filter the query's in Qdrant's words, empty for all points
     */
    QdrantOthers(QdrantConnection connection, String collection, float[] unit, ProductQuery wanted, Filter filter) {
        this.connection = connection;
        this.collection = collection;
        this.unit = unit;
        this.wanted = wanted;
        this.filter = filter;
    }

    List<SearchHit> addTo(List<SearchHit> hits, Deadline deadline) {
        List<SearchHit> whole = new ArrayList<>();
        int step = Math.max(1, AT_ONCE / wanted.others());
        for (int from = 0; from < hits.size(); from += step) {
            List<SearchHit> some = hits.subList(from, Math.min(hits.size(), from + step));
            QueryBatchPoints.Builder batch = QueryBatchPoints.newBuilder().setCollectionName(collection);
            some.forEach(hit -> batch.addQueryPoints(query(hit.product())));
            List<BatchResult> results =
                    connection.points(deadline).queryBatch(batch.build()).getResultList();
            for (int i = 0; i < some.size(); i++) {
                whole.add(some.get(i).with(others(results.get(i))));
            }
        }
        return whole;
    }

    private QueryPoints query(Product best) {
        QueryPoints.Builder query = QueryPoints.newBuilder()
                .setCollectionName(collection)
                .setQuery(QueryFactory.nearest(unit))
                .setParams(SearchParams.newBuilder().setExact(true))
                .setFilter(filter.toBuilder()
                        .addMust(matchKeyword(QdrantPayload.PRODUCT_ID, best.productId()))
                        .addMustNot(matchKeyword(QdrantPayload.IMAGE_ID, best.imageId())))
                .setLimit(wanted.others())
                .setWithPayload(WithPayloadSelectorFactory.enable(true));
        if (wanted.minScore() > -1) {
            query.setScoreThreshold(wanted.minScore());
        }
        return query.build();
    }

    private static List<SearchHit.Other> others(BatchResult result) {
        List<SearchHit.Other> others = new ArrayList<>();
        for (ScoredPoint point : result.getResultList()) {
            float cosine = Math.max(-1, Math.min(1, point.getScore()));
            others.add(new SearchHit.Other(QdrantPayload.product(point.getPayloadMap()), cosine));
        }
        return others;
    }
}
