package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ShopId;
import dev.vitrine.index.thumbnail.Owner;
import dev.vitrine.index.thumbnail.Thumbnails;
import dev.vitrine.intake.Intake;
import dev.vitrine.job.Job;
import dev.vitrine.job.Rfc3339;
import dev.vitrine.spool.OwedProducts;
import dev.vitrine.spool.Tombstones;
import java.util.List;
import org.apache.camel.Header;
import org.apache.camel.Variable;

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

    /** What a deletion removed; {@code imageId} is null, and not in the JSON, where it was the whole product. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Deletion(
            @JsonProperty("product_id") String productId,
            @JsonProperty("image_id") String imageId,
            @JsonProperty("deleted") int deleted) {}

    private final ProductCollections indexes;
    private final OwedProducts owed;
    private final Tombstones tombstones;
    private final Intake.Order versions;
    private final Thumbnails thumbnails;

    /**
     * @param owed says what waits to be indexed
     * @param tombstones remember what was deleted
     * @param versions gives what is accepted now its version
     * @param thumbnails go with their pictures
     */
    public Products(
            ProductCollections indexes,
            OwedProducts owed,
            Tombstones tombstones,
            Intake.Order versions,
            Thumbnails thumbnails) {
        this.indexes = indexes;
        this.owed = owed;
        this.tombstones = tombstones;
        this.versions = versions;
        this.thumbnails = thumbnails;
    }

    /**
     * All pictures of a product.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has none
     */
    public ProductView get(@Header("product_id") String productId, @Variable("collection") String collection) {
        String id = ShopId.normal(productId);
        List<Product> pictures = find(id, indexes.of(collection));
        if (pictures.isEmpty()) {
            throw unknown(id);
        }
        return view(id, pictures);
    }

    static ProductView view(String productId, List<Product> pictures) {
        return new ProductView(
                productId,
                pictures.stream()
                        .map(p -> new ImageView(
                                p.imageId(),
                                p.name(),
                                Rfc3339.format(p.indexedAt()),
                                p.version(),
                                p.model(),
                                p.metadata()))
                        .toList());
    }

    /**
     * Removes all pictures of a product, and those of uploads that were accepted before and are not indexed yet.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has none
     */
    public Deletion delete(@Header("product_id") String productId, @Variable("collection") String collection) {
        String id = ShopId.normal(productId);
        int deleted = remove(id, null, collection);
        if (deleted == 0) {
            throw unknown(id);
        }
        return new Deletion(id, null, deleted);
    }

    /**
     * Removes one picture of a product, also where its upload was accepted before and is not indexed yet.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has none
     */
    public Deletion deleteImage(
            @Header("product_id") String productId,
            @Header("image_id") String imageId,
            @Variable("collection") String collection) {
        String product = ShopId.normal(productId);
        String image = ShopId.normal(imageId);
        int deleted = remove(product, image, collection);
        if (deleted == 0) {
            throw ProblemException.notFound("The index holds no picture " + image + " of a product " + product + ".");
        }
        return new Deletion(product, image, deleted);
    }

    /**
     * A deletion is remembered only where something can bring the product back, so that strangers' deletions of what is
     * not there leave nothing behind. Looking through the spool takes as long as the spool is large, so it is done only
     * where the index has nothing, which is asked again then: a job leaves the spool when the index has its picture.
     *
     * @param imageId null for all pictures
     */
    private int remove(String productId, String imageId, String collection) {
        ProductIndex index = indexes.of(collection);
        if (!ShopId.isOne(productId) || imageId != null && !ShopId.isOne(imageId)) {
            return 0;
        }
        String known = indexes.known(collection);
        String key = Job.productKey(known, productId);
        List<Product> there = pictures(index, productId, imageId);
        if (there.isEmpty()) {
            boolean waiting = owed.contains(key);
            there = pictures(index, productId, imageId);
            if (!waiting && there.isEmpty()) {
                return 0;
            }
        }
        // A point that was imported may have a version of another time: whatever is there now goes.
        long version =
                there.stream().mapToLong(Product::version).reduce(versions.next(known, productId, imageId), Math::max);
        tombstones.remember(imageId == null ? key : Job.pictureKey(key, imageId), version);
        int deleted = imageId == null ? index.delete(productId, version) : index.delete(productId, imageId, version);
        there.forEach(product -> thumbnails.remove(new Owner(known, productId, product.imageId()), version));
        return deleted;
    }

    private static List<Product> pictures(ProductIndex index, String productId, String imageId) {
        return index.find(productId).stream()
                .filter(product -> imageId == null || product.imageId().equals(imageId))
                .toList();
    }

    private static List<Product> find(String productId, ProductIndex index) {
        return ShopId.isOne(productId) ? index.find(productId) : List.of();
    }

    static ProblemException unknown(String productId) {
        return ProblemException.notFound("The index holds no product " + productId + ".");
    }
}
