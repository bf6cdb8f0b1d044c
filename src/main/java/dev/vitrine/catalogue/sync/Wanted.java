package dev.vitrine.catalogue.sync;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.Map;

/**
 * A picture as a catalogue wants it to be in the index: all its rows put together.
 *
 * @param picture a URL, or a path below the folder of the pictures; null where only the vector is known
 * @param status null where no row says
 * @param vector null where the picture is to be embedded
 * @param line of the row that first named the picture
 */
public record Wanted(
        String productId,
        String imageId,
        String name,
        String picture,
        Map<String, Object> metadata,
        Status status,
        float[] vector,
        long line) {

    /** The picture's key, unambiguous as no id has a control character. */
    public String key() {
        return productId + '\n' + imageId;
    }

    /** Whether the shop shows the product, or the catalogue does not say. */
    public boolean isShown() {
        return status == null || status == Status.ACTIVE;
    }
}
