package dev.vitrine.index.thumbnail;

import java.util.Optional;

/**
 * Which picture of which product a small one is of.
 *
 * @param collection null for the main one
 * @param productId holds no NUL, as no id does
 */
public record Owner(String collection, String productId, String imageId) {

    /** As text that no other owner has. */
    String text() {
        return (collection == null ? "" : collection) + '\0' + productId + '\0' + imageId;
    }

    /** The owner of a text; empty where it is none. */
    static Optional<Owner> of(String text) {
        String[] parts = text.split("\0", -1);
        return parts.length == 3
                ? Optional.of(new Owner(parts[0].isEmpty() ? null : parts[0], parts[1], parts[2]))
                : Optional.empty();
    }
}
