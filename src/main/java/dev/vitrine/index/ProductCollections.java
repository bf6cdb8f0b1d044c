package dev.vitrine.index;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The collections of a service: the main one, and others that the operator listed, each with points, folder or Qdrant
 * collection of its own. Another one is opened, and made, when it is first used. Safe for many threads.
 */
public final class ProductCollections implements AutoCloseable {

    /** A collection was named that the operator did not list. */
    public static final class UnknownCollectionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownCollectionException(String name) {
            super("There is no collection '" + name + "' here; the operator lists them in VITRINE_COLLECTIONS.");
        }
    }

    private final ProductIndex main;
    private final IndexSettings settings;
    private final VectorSpace space;
    private final Set<String> others;
    private final Map<String, ProductIndex> open = new HashMap<>();

    /**
     * @param main the index of the main collection; stays its owner's to close
     * @param settings of the main collection; the others are beside it
     */
    public ProductCollections(ProductIndex main, IndexSettings settings, VectorSpace space) {
        this.main = main;
        this.settings = settings;
        this.space = space;
        this.others = Set.copyOf(settings.others());
    }

    /**
     * The index of a collection.
     *
     * @param name null for the main one
     * @throws UnknownCollectionException when it is not listed
     * @throws VectorSpaceMismatchException when another space filled it
     * @throws IndexUnavailableException when it cannot be opened
     */
    public ProductIndex of(String name) {
        String known = known(name);
        if (known == null) {
            return main;
        }
        synchronized (open) {
            return open.computeIfAbsent(known, this::open);
        }
    }

    /**
     * A collection's name as jobs carry it: null for the main one.
     *
     * @throws UnknownCollectionException when it is not listed
     */
    public String known(String name) {
        if (name == null || name.isBlank() || name.equals(settings.collection())) {
            return null;
        }
        if (!others.contains(name)) {
            throw new UnknownCollectionException(name);
        }
        return name;
    }

    private ProductIndex open(String name) {
        return ProductIndex.open(settings.of(name), space);
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(ProductIndex::close);
            open.clear();
        }
    }
}
