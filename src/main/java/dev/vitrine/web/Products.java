package dev.vitrine.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import java.util.List;

/** What clients ask about products in the index. */
public final class Products {

    /** A product as the index holds it. */
    public record ProductView(
            @JsonProperty("product_id") String productId, @JsonProperty("images") List<ImageView> images) {}

    /** One indexed picture of a product. */
    public record ImageView(
            @JsonProperty("image_id") String imageId,
            @JsonProperty("name") String name,
            @JsonProperty("indexed_at") String indexedAt,
            @JsonProperty("version") long version,
            @JsonProperty("model") String model,
            @JsonProperty("metadata") Object metadata) {}

    /** What a deletion removed. */
    public record Deletion(@JsonProperty("product_id") String productId, @JsonProperty("deleted") int deleted) {}

    private final ProductIndex index;

    public Products(ProductIndex index) {
        this.index = index;
    }

    /**
     * All pictures of a product.
     *
     * @throws ProblemException 404 where the index has none
     */
    public ProductView get(String productId) {
        List<Product> pictures = index.find(productId);
        if (pictures.isEmpty()) {
            throw unknown(productId);
        }
        return new ProductView(
                productId,
                pictures.stream()
                        .map(p -> new ImageView(
                                p.imageId(), p.name(), p.indexedAt().toString(), p.version(), p.model(), p.metadata()))
                        .toList());
    }

    /**
     * Removes all pictures of a product.
     *
     * @throws ProblemException 404 where the index has none
     */
    public Deletion delete(String productId) {
        int deleted = index.delete(productId);
        if (deleted == 0) {
            throw unknown(productId);
        }
        return new Deletion(productId, deleted);
    }

    private static ProblemException unknown(String productId) {
        return ProblemException.notFound("The index holds no product " + productId + ".");
    }
}
