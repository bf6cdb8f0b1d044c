package dev.vitrine.api;

import dev.vitrine.http.ProblemException;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ShopId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What products look like, from the vectors in the index; no picture is embedded again. */
final class ProductVectors {
    private final ProductCollections indexes;

    ProductVectors(ProductCollections indexes) {
        this.indexes = indexes;
    }

    /**
     * The direction of a product: the {@linkplain WeightedSum sum} of its pictures, which count alike.
     *
     * @param collection null for the main one
     * @param generation whose vectors are meant
     * @return of length 1; empty where the index holds no such product
     * @throws ProblemException 422 where the pictures cancel each other out
     */
    Optional<float[]> of(String productId, String collection, IndexSet generation) {
        Map<String, float[]> vectors = ShopId.isOne(productId)
                ? generation.of(indexes.known(collection)).vectors(productId)
                : Map.of();
        if (vectors.isEmpty()) {
            return Optional.empty();
        }
        WeightedSum sum = new WeightedSum(vectors.values().iterator().next().length);
        vectors.values().forEach(vector -> sum.add(vector, 1));
        return Optional.of(sum.direction()
                .orElseThrow(() -> new ProblemException(
                        422,
                        "The pictures of product " + productId + " are opposites of each other and have no direction"
                                + " together; search by one of them.",
                        List.of())));
    }
}
