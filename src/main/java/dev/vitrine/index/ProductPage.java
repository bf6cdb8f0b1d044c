package dev.vitrine.index;

import java.util.List;

/**
 * Some of the products of an index.
 *
 * @param next where the next page begins; null after the last one
 */
public record ProductPage(List<Entry> products, ProductCursor next) {

    /**
     * A product with those of its pictures that were asked for.
     *
     * @param latest the picture that was accepted last, which says the name and the metadata
     * @param imageIds of all pictures, ordered
     */
    public record Entry(Product latest, List<String> imageIds) {}
}
