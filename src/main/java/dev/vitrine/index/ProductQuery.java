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
 * @param others how many other pictures of each product to show, at most 100: those that come nearest, meet the filter and
 *     have the score, exactly
 */
public record ProductQuery(float[] vector, int limit, float minScore, Filter filter, Set<String> without, int others) {

    /** The most pictures beside the nearest one that a product is shown with. */
    public static final int MAX_OTHERS = 100;

    public ProductQuery {
        without = Set.copyOf(without);
        if (others < 0 || others > MAX_OTHERS) {
            throw new IllegalArgumentException("0 to " + MAX_OTHERS + " other pictures can be shown, not " + others);
        }
    }

    /** Without other pictures. */
    public ProductQuery(float[] vector, int limit, float minScore, Filter filter, Set<String> without) {
        this(vector, limit, minScore, filter, without, 0);
    }
}
