package dev.vitrine.index;

import java.util.Set;

/**
 * Which products a search is for.
 *
 * @param vector L2-normalised, as long as the space has dimensions
 * @param limit how many products at most, 1 to 1,000
 * @param minScore the least cosine similarity; −1 for no bound
 * @param filter what the metadata of a picture must be like; null for no filter
 * @param without ids of products that are not wanted, at most 1,000
 */
public record ProductQuery(float[] vector, int limit, float minScore, Filter filter, Set<String> without) {

    public ProductQuery {
        without = Set.copyOf(without);
    }
}
