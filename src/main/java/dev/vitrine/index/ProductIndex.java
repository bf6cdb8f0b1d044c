package dev.vitrine.index;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The vector index: one point per product and image id, cosine similarity. Safe for many threads. Calls throw {@link
 * IndexUnavailableException} when the index is at fault and {@link IllegalArgumentException} when the caller is.
 */
public interface ProductIndex extends AutoCloseable {

    /**
     * Puts a picture into the index unless a newer version of it is there; returns once the point is durable. Concurrent
     * callers share a write.
     *
     * @param vector L2-normalised, as long as the space has dimensions; finite
     */
    void upsert(Product product, float[] vector);

    /**
     * The nearest products, best first, each with the picture that is nearest: as many as the limit says wherever so many
     * products are there, however many pictures one of them has.
     */
    List<SearchHit> search(ProductQuery query);

    /**
     * The nearest products, none left out.
     *
     * @see ProductQuery
     */
    default List<SearchHit> search(float[] vector, int limit, float minScore, Filter filter) {
        return search(new ProductQuery(vector, limit, minScore, filter, Set.of()));
    }

    /** The nearest of all products. */
    default List<SearchHit> search(float[] vector, int limit, float minScore) {
        return search(vector, limit, minScore, null);
    }

    /** The vectors of a product's pictures, L2-normalised, by image id and ordered by it; empty where it is unknown. */
    Map<String, float[]> vectors(String productId);

    /** All indexed pictures of a product ordered by image id; empty where it is unknown. */
    List<Product> find(String productId);

    /**
     * Some of the products, in an order that stays the same and is the same in every index, but is no order that says
     * anything: by the least {@linkplain PointIds point id} of each. Page after page lists every product once. A product
     * that has a picture from the first page to the last is listed, whatever changes meanwhile; where pictures of it change,
     * it may be listed again.
     *
     * @param after where the page before ended, listed with the same filter; null for the first page
     * @param limit how many products at most, 1 to 1,000; fewer come on the last page, and where products are deleted at
     *     that moment
     * @param filter what the metadata of a picture must be like, the others being left out; null for no filter
     */
    ProductPage list(ProductCursor after, int limit, Filter filter);

    /**
     * The points with greater ids than one, in the order of their ids. Whoever asks for page after page gets each point that
     * is there the whole time once.
     *
     * @param after {@link StoredPoint#id()} of the last point of the page before; empty for the first page
     * @param limit how many at most, 1 to 1,000; fewer come on the last page alone
     * @param filter what the metadata must be like; null for no filter
     * @param withVectors whether the points are to have their vectors
     */
    List<StoredPoint> points(String after, int limit, Filter filter, boolean withVectors);

    /** What made the vectors. */
    VectorSpace space();

    /**
     * Removes the pictures of a product that are no newer than a version; one that is put in meanwhile counts by its own.
     *
     * @param version the greatest to remove
     * @return how many there were
     */
    int delete(String productId, long version);

    /**
     * Removes one picture of a product unless it is newer than a version.
     *
     * @param version the greatest to remove
     * @return how many there were, 0 or 1
     */
    int delete(String productId, String imageId, long version);

    /**
     * Removes the pictures that meet a filter and are no newer than a version; one that is put in meanwhile counts by its own.
     *
     * @param version the greatest to remove
     * @return how many there were
     */
    int delete(Filter filter, long version);

    /** Removes all pictures of a product and returns how many there were. */
    default int delete(String productId) {
        return delete(productId, Admission.MAX_VERSION);
    }

    /**
     * The greatest version among the points, for those who give versions; −1 where there are none.
     *
     * @param until greater ones are passed over
     */
    long newest(long until);

    /** How many points there are, exactly. */
    default long count() {
        return count(null);
    }

    /**
     * How many points meet a filter, exactly.
     *
     * @param filter null for all
     */
    long count(Filter filter);

    /**
     * Returns if the filter can be asked for without a look at too many points. Searching, listing, counting and deleting do the same
     * by themselves.
     *
     * @param filter null for no filter
     * @throws UnindexedFilterException naming the fields that keep it from that
     */
    default void admit(Filter filter) {}

    /** Returns if the index answers and accepts the configured credentials; throws {@link IndexUnavailableException}. */
    void check();

    /** Where the index is, for operators: a folder or a URL with the collection. */
    String place();

    /** What clients may know of where it is: no path and no host. */
    String kind();

    @Override
    void close();

    /**
     * Opens the index. With Qdrant this never waits for the server: call {@link #check()} to learn whether it
     * is there and holds vectors of this space.
     *
     * @throws IllegalArgumentException when the settings name no index
     * @throws VectorSpaceMismatchException when another space filled the embedded index
     * @throws IndexUnavailableException when the embedded index cannot be opened
     */
    static ProductIndex open(IndexSettings settings, VectorSpace space) {
        return IndexSettings.EMBEDDED.equals(settings.url())
                ? new LuceneIndex(settings.folder(), space)
                : new QdrantIndex(settings, space);
    }
}
