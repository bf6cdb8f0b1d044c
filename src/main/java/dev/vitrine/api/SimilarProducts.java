package dev.vitrine.api;

import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductQuery;
import dev.vitrine.index.ShopId;
import java.util.Set;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Finds what looks like a product of the index. */
public final class SimilarProducts {
    private static final int DEFAULT_LIMIT = 10;

    private final ProductCollections indexes;
    private final ProductVectors products;
    private final SearchTimes times;

    /** @param times how long searches took */
    SimilarProducts(ProductCollections indexes, SearchTimes times) {
        this.indexes = indexes;
        this.products = new ProductVectors(indexes);
        this.times = times;
    }

    /**
     * The products nearest to one, which is left out itself. Of several pictures it is their mean direction.
     *
     * @param limit 1 to 1,000 as text, or null for 10
     * @param minScore −1 to 1 as text, or null for no bound
     * @param filter JSON text, or null
     * @param others how many other pictures of each product to show as text, or null for none
     * @param collection null for the main one
     * @throws ProblemException 404 where the index holds no such product, 400 for a bad parameter
     */
    public SearchResults find(
            @Header("product_id") String productId,
            @Header("limit") String limit,
            @Header("min_score") String minScore,
            @Header("filter") String filter,
            @Header("other_pictures") String others,
            @Variable("collection") String collection) {
        long start = System.nanoTime();
        String id = ShopId.normal(productId);
        FieldErrors errors = new FieldErrors();
        Integer most = errors.read(() -> RequestNumbers.limit(limit, DEFAULT_LIMIT));
        Float least = errors.read(() -> RequestNumbers.minScore(minScore));
        Filter wanted = errors.read(() -> FilterReader.read(filter).orElse(null));
        Integer pictures = errors.read(() -> RequestNumbers.others(others, most == null ? 1 : most));
        errors.check();
        IndexSet serving = indexes.serving();
        float[] direction = products.of(id, collection, serving).orElseThrow(() -> Products.unknown(id));
        ProductQuery query = new ProductQuery(direction, most, least, wanted, Set.of(id), pictures);
        SearchResults found = SearchResults.of(
                serving.space().model(),
                query,
                serving.of(indexes.known(collection)).search(query),
                start);
        times.answered(SearchTimes.Mode.SIMILAR, start);
        return found;
    }
}
