package dev.vitrine.index;

/**
 * A product found by a search.
 *
 * @param score cosine similarity to the query, −1 to 1, the same from every index
 */
public record SearchHit(Product product, float score) {}
