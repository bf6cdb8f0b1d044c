package dev.vitrine.index;

import java.time.Instant;
import java.util.Map;

/**
 * One indexed picture of a product: the payload of its point.
 *
 * @param imageId which picture of the product; a point is identified by product and image id together
 * @param indexedAt when the point was made, to the millisecond
 * @param version ms since the epoch at acceptance; an older version never replaces a newer one
 * @param model name of the model that made the vector
 * @param metadata what the client sent, empty where nothing
 */
public record Product(
        String productId,
        String imageId,
        String name,
        Instant indexedAt,
        long version,
        String model,
        Map<String, Object> metadata) {
    /** The same picture as another model embedded it. */
    public Product by(String otherModel) {
        return new Product(productId, imageId, name, indexedAt, version, otherModel, metadata);
    }
}
