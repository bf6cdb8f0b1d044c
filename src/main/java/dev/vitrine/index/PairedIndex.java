package dev.vitrine.index;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * A collection as clients see it: the one of the generation that serves. What is deleted goes from the other generation too,
 * first from where points are copied. Vectors that are put in must be of the model that serves.
 */
final class PairedIndex implements ProductIndex {
    private final String name;
    private final Supplier<ProductCollections.Pair> pair;

    /** @param name null for the main one */
    PairedIndex(String name, Supplier<ProductCollections.Pair> pair) {
        this.name = name;
        this.pair = pair;
    }

    private ProductIndex serving() {
        return pair.get().serving().of(name);
    }

    private int delete(ToIntFunction<ProductIndex> deletion) {
        ProductCollections.Pair now = pair.get();
        int deleted = 0;
        for (IndexSet set : now.sourceFirst()) {
            int count = deletion.applyAsInt(set.of(name));
            deleted = set == now.serving() ? count : deleted;
        }
        return deleted;
    }

    @Override
    public void upsert(Product product, float[] vector) {
        serving().upsert(product, vector);
    }

    @Override
    public List<SearchHit> search(ProductQuery query) {
        return serving().search(query);
    }

    @Override
    public Map<String, float[]> vectors(String productId) {
        return serving().vectors(productId);
    }

    @Override
    public List<Product> find(String productId) {
        return serving().find(productId);
    }

    @Override
    public ProductPage list(ProductCursor after, int limit, Filter filter) {
        return serving().list(after, limit, filter);
    }

    @Override
    public List<StoredPoint> points(String after, int limit, Filter filter, boolean withVectors) {
        return serving().points(after, limit, filter, withVectors);
    }

    @Override
    public VectorSpace space() {
        return serving().space();
    }

    @Override
    public int delete(String productId, long version) {
        return delete(index -> index.delete(productId, version));
    }

    @Override
    public int delete(String productId, String imageId, long version) {
        return delete(index -> index.delete(productId, imageId, version));
    }

    @Override
    public int delete(Filter filter, long version) {
        return delete(index -> index.delete(filter, version));
    }

    @Override
    public long newest(long until) {
        return serving().newest(until);
    }

    @Override
    public long count(Filter filter) {
        return serving().count(filter);
    }

    @Override
    public void admit(Filter filter) {
        serving().admit(filter);
    }

    @Override
    public void check() {
        serving().check();
    }

    @Override
    public String place() {
        return serving().place();
    }

    @Override
    public String kind() {
        return serving().kind();
    }

    /** Does nothing: its indexes are closed with their sets. */
    @Override
    public void close() {}
}
