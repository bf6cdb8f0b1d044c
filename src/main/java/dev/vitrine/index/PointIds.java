package dev.vitrine.index;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/**
 * The id of a point: UUID version 5 (RFC 9562, SHA-1) of product and image id, the same in every index.
 *
 * <p>The name that is hashed is the UTF-8 of the product id, one NUL byte, and the UTF-8 of the image id. As a product id
 * never holds a NUL, no two pairs share a name. In Python: {@code uuid.uuid5(NAMESPACE, product_id + "\0" + image_id)}.
 */
public final class PointIds {

    /** The namespace of Vitrine's points, a random UUID; never changes, else every re-upload would make a second point. */
    public static final UUID NAMESPACE = UUID.fromString("5d0f7c3e-98a4-4b1e-9c57-2f6b1c8e4a70");

    private PointIds() {}

    /**
     * The id of one picture of a product.
     *
     * @throws IllegalArgumentException when the product id holds a NUL character
     */
    public static UUID of(String productId, String imageId) {
        if (productId.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A product id must not hold a NUL character");
        }
        return UuidCreator.getNameBasedSha1(NAMESPACE, productId + '\0' + imageId);
    }
}
