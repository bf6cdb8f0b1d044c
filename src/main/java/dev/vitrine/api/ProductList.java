package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCursor;
import dev.vitrine.index.ProductPage;
import dev.vitrine.job.Rfc3339;
import java.util.List;
import java.util.Map;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Lists the products of the index. */
public final class ProductList {
    private static final int DEFAULT_LIMIT = 50;

    /**
     * A page of products.
     *
     * @param nextCursor what to pass for the next page; null after the last one
     */
    public record Page(
            @JsonProperty("products") List<Listed> products, @JsonProperty("next_cursor") String nextCursor) {}

    /** A product with what its newest picture says of it, and the ids of its pictures. */
    public record Listed(
            @JsonProperty("product_id") String productId,
            @JsonProperty("name") String name,
            @JsonProperty("indexed_at") String indexedAt,
            @JsonProperty("metadata") Map<String, Object> metadata,
            @JsonProperty("image_ids") List<String> imageIds) {}

    private final ProductCollections indexes;

    public ProductList(ProductCollections indexes) {
        this.indexes = indexes;
    }

    /**
     * A page of products, each once, in an order that stays the same.
     *
     * @param filter JSON text, or null; pictures that do not meet it are left out
     * @param limit 1 to 1,000 as text, or null for 50
     * @param cursor of the page before, or null for the first one
     * @param collection null for the main one
     * @throws ProblemException 400 for a bad parameter
     * @see dev.vitrine.index.ProductIndex#list
     */
    public Page list(
            @Header("filter") String filter,
            @Header("limit") String limit,
            @Header("cursor") String cursor,
            @Variable("collection") String collection) {
        FieldErrors errors = new FieldErrors();
        Integer size = errors.read(() -> RequestNumbers.limit(limit, DEFAULT_LIMIT));
        ProductCursor before = errors.read(() -> cursor(cursor));
        Filter wanted = errors.read(() -> FilterReader.read(filter).orElse(null));
        errors.check();
        ProductPage page = indexes.of(collection).list(before, size, wanted);
        return new Page(
                page.products().stream().map(ProductList::listed).toList(),
                page.next() == null ? null : page.next().toString());
    }

    private static Listed listed(ProductPage.Entry entry) {
        Product product = entry.latest();
        return new Listed(
                product.productId(),
                product.name(),
                Rfc3339.format(product.indexedAt()),
                product.metadata(),
                entry.imageIds());
    }

    static ProductCursor cursor(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return ProductCursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(400, "cursor", e.getMessage());
        }
    }
}
