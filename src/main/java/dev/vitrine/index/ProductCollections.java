package dev.vitrine.index;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The collections of a service: the main one, and others that the operator listed, each with points, folder or Qdrant
 * collection of its own. While a new model is introduced there are two generations of them, of which one serves. Safe for
 * many threads.
 */
public final class ProductCollections {

    /** A collection was named that the operator did not list. */
    public static final class UnknownCollectionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownCollectionException(String name) {
            super("There is no collection '" + name + "' here; the operator lists them in VITRINE_COLLECTIONS.");
        }
    }

    /**
     * The generations.
     *
     * @param serving answers
     * @param other gets deletions too; empty where there is none
     * @param isSourceServing whether points are copied from the one that serves, and not back
     */
    public record Pair(IndexSet serving, Optional<IndexSet> other, boolean isSourceServing) {
        /** What is changed is changed first where points are copied from, so that no copy brings the old one back. */
        List<IndexSet> sourceFirst() {
            if (other.isEmpty()) {
                return List.of(serving);
            }
            return isSourceServing ? List.of(serving, other.get()) : List.of(other.get(), serving);
        }
    }

    private final String main;
    private final Set<String> others;
    private final Map<String, ProductIndex> open = new ConcurrentHashMap<>();
    private final ProductIndex paired = new PairedIndex(null, this::now);
    private volatile Supplier<Pair> pair;

    /** @param settings of the main collection; the others are beside it */
    public ProductCollections(IndexSet serving, IndexSettings settings) {
        this.main = settings.collection();
        this.others = Set.copyOf(settings.others());
        Pair alone = new Pair(serving, Optional.empty(), true);
        this.pair = () -> alone;
    }

    /**
     * The collections of one generation.
     *
     * @param main the index of the main collection
     */
    public ProductCollections(ProductIndex main, IndexSettings settings, VectorSpace space) {
        this(new IndexSet(main, settings, 1, space), settings);
    }

    /** Has the generations asked for each time. */
    public void follow(Supplier<Pair> generations) {
        pair = generations;
    }

    private Pair now() {
        return pair.get();
    }

    /**
     * The index of a collection, of whichever generation serves when it is called.
     *
     * @param name null for the main one
     * @throws UnknownCollectionException when it is not listed
     * @throws VectorSpaceMismatchException when another space filled it
     * @throws IndexUnavailableException when it cannot be opened
     */
    public ProductIndex of(String name) {
        String known = known(name);
        if (known == null) {
            return paired;
        }
        now().serving().of(known); // says now why it cannot be opened
        return open.computeIfAbsent(known, listed -> new PairedIndex(listed, this::now));
    }

    /**
     * Changes what is said of a picture, in each generation that has it, without a vector made anew.
     *
     * @param known as {@link #known} gives it
     * @return whether the generation that serves has the picture
     */
    public boolean change(String known, String productId, String imageId, UnaryOperator<Product> change) {
        Pair before = now();
        Map<IndexSet, Boolean> changed = new HashMap<>();
        for (IndexSet set : before.sourceFirst()) {
            changed.put(set, change(set.of(known), productId, imageId, change));
        }
        for (IndexSet set : now().sourceFirst()) { // of a build that began meanwhile
            changed.computeIfAbsent(set, one -> change(one.of(known), productId, imageId, change));
        }
        return changed.get(before.serving());
    }

    private static boolean change(ProductIndex index, String productId, String imageId, UnaryOperator<Product> change) {
        Optional<Product> before = index.find(productId).stream()
                .filter(one -> one.imageId().equals(imageId))
                .findFirst();
        float[] vector = index.vectors(productId).get(imageId);
        if (before.isEmpty() || vector == null) {
            return false;
        }
        index.upsert(change.apply(before.get()), vector);
        return true;
    }

    /** The generation that serves now, for requests that put vectors in or ask by vectors: these stay with one. */
    public IndexSet serving() {
        return now().serving();
    }

    /**
     * A collection's name as jobs carry it: null for the main one.
     *
     * @throws UnknownCollectionException when it is not listed
     */
    public String known(String name) {
        if (name == null || name.isBlank() || name.equals(main)) {
            return null;
        }
        if (!others.contains(name)) {
            throw new UnknownCollectionException(name);
        }
        return name;
    }
}
