package dev.vitrine.catalogue.read;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one row of a catalogue says of a product and, mostly, of one of its pictures. A product's rows may lie anywhere in the
 * file; what one leaves out another may say.
 *
 * @param productId the shop's id
 * @param imageId which picture of the product; null where the row has no picture
 * @param name null where the row does not say
 * @param picture a URL, or a path below the folder of the pictures; null where the row has none
 * @param shared metadata of every picture of the product
 * @param own metadata of this picture alone
 * @param status null where the row does not say
 * @param vector the picture's embedding, so that it need not be embedded again; null where the row has none
 * @param line where the row begins, from 1
 */
public record ProductRow(
        String productId,
        String imageId,
        String name,
        String picture,
        Map<String, Object> shared,
        Map<String, Object> own,
        Status status,
        float[] vector,
        long line) {

    /** Whether the shop shows the product. */
    public enum Status {
        ACTIVE,
        DRAFT,
        HIDDEN
    }

    public ProductRow {
        shared = Collections.unmodifiableMap(new LinkedHashMap<>(shared));
        own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    }

    /** The picture's key, unambiguous as no id has a control character. */
    public String key() {
        return productId + '\n' + imageId;
    }

    /** Whether a spreadsheet took the product's id for a number and forgot most of it. */
    public boolean isRuined() {
        return Text.isRuined(productId);
    }
}
