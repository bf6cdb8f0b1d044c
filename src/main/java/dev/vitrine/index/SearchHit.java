package dev.vitrine.index;

import java.util.List;

/**
 * A product found by a search.
 *
 * @param product the picture of it that is nearest
 * @param score cosine similarity to the query, −1 to 1, the same from every index
 * @param others its other pictures as they were asked for, the nearest first
 */
public record SearchHit(Product product, float score, List<Other> others) {

    /** Another picture of a product found; {@code score} is its own. */
    public record Other(Product product, float score) {}

    public SearchHit {
        others = List.copyOf(others);
    }

    SearchHit(Product product, float score) {
        this(product, score, List.of());
    }

    SearchHit with(List<Other> pictures) {
        return new SearchHit(product, score, pictures);
    }
}
