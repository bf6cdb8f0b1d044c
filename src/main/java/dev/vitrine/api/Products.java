package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.intake.Intake;
import dev.vitrine.job.Job;
import dev.vitrine.spool.Tombstones;
import java.util.List;
import java.util.function.LongSupplier;

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

    private final CollectionIndexes indexes;
    private final Tombstones tombstones;
    private final LongSupplier versions;

    /**
     * @param tombstones remember what was deleted
     * @param versions gives what is accepted now its version
     */
    public Products(CollectionIndexes indexes, Tombstones tombstones, LongSupplier versions) {
        this.indexes = indexes;
        this.tombstones = tombstones;
        this.versions = versions;
    }

    /**
     * All pictures of a product.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has none
     */
    public ProductView get(String productId, String collection) {
        List<Product> pictures = indexes.of(collection).find(productId);
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
     * Removes all pictures of a product, and those of uploads that were accepted before and are not indexed yet.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has none
     */
    public Deletion delete(String productId, String collection) {
        if (!Intake.isProductId(productId)) {
            throw unknown(productId);
        }
        ProductIndex index = indexes.of(collection);
        // Another machine's clock may be ahead: whatever is there now goes.
        long version =
                index.find(productId).stream().mapToLong(Product::version).reduce(versions.getAsLong(), Math::max);
        tombstones.remember(Job.productKey(indexes.known(collection), productId), version);
        int deleted = index.delete(productId, version);
        if (deleted == 0) {
            throw unknown(productId);
        }
        return new Deletion(productId, deleted);
    }

    private static ProblemException unknown(String productId) {
        return ProblemException.notFound("The index holds no product " + productId + ".");
    }
}
