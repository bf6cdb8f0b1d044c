package dev.vitrine.index;

import static io.qdrant.client.ConditionFactory.matchKeyword;

import io.grpc.Deadline;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.WithVectorsSelectorFactory;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.VectorOutput;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The vectors that a {@link QdrantIndex} holds of a product. */
final class QdrantVectors {
    private static final int PAGE = 256;

    private final QdrantConnection connection;
    private final String collection;

    QdrantVectors(QdrantConnection connection, String collection) {
        this.connection = connection;
        this.collection = collection;
    }

    /** By image id, ordered. */
    Map<String, float[]> of(String productId, Deadline deadline) {
        ScrollPoints.Builder request = ScrollPoints.newBuilder()
                .setCollectionName(collection)
                .setFilter(Filter.newBuilder().addMust(matchKeyword(QdrantPayload.PRODUCT_ID, productId)))
                .setWithPayload(WithPayloadSelectorFactory.include(List.of(QdrantPayload.IMAGE_ID)))
                .setWithVectors(WithVectorsSelectorFactory.enable(true))
                .setLimit(PAGE);
        Map<String, float[]> vectors = new TreeMap<>();
        while (true) {
            ScrollResponse page = connection.points(deadline).scroll(request.build());
            page.getResultList()
                    .forEach(point -> vectors.put(
                            QdrantPayload.product(point.getPayloadMap()).imageId(), vector(point)));
            if (!page.hasNextPageOffset()) {
                return vectors;
            }
            request.setOffset(page.getNextPageOffset());
        }
    }

    /** Newer servers have it in a field of its own. */
    @SuppressWarnings("deprecation")
    static float[] vector(RetrievedPoint point) {
        VectorOutput found = point.getVectors().getVector();
        List<Float> parts = found.hasDense() ? found.getDense().getDataList() : found.getDataList();
        float[] vector = new float[parts.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = parts.get(i);
        }
        return vector;
    }
}
