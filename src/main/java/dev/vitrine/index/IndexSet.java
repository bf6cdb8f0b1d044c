package dev.vitrine.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The main collection and the others, all filled by one model. Another one is opened, and made, when it is first used. Safe
 * for many threads.
 */
public final class IndexSet implements AutoCloseable {
    private final ProductIndex main;
    private final IndexSettings settings;
    private final int generation;
    private final VectorSpace space;
    private final Map<String, ProductIndex> open = new HashMap<>();

    /**
     * @param main the index of the main collection; closed with the set
     * @param settings of the main collection, as an installation has them
     * @param generation 1 for the names that the settings have
     */
    IndexSet(ProductIndex main, IndexSettings settings, int generation, VectorSpace space) {
        this.main = main;
        this.settings = settings;
        this.generation = generation;
        this.space = space;
    }

    /**
     * Opens the collections of a generation.
     *
     * @throws VectorSpaceMismatchException when another space filled the main one
     * @throws IndexUnavailableException when it cannot be opened
     */
    public static IndexSet open(IndexSettings settings, int generation, VectorSpace space) {
        return new IndexSet(ProductIndex.open(settings.generation(generation), space), settings, generation, space);
    }

    /**
     * The index of a collection.
     *
     * @param name one that is listed; null for the main one
     */
    public ProductIndex of(String name) {
        if (name == null) {
            return main;
        }
        synchronized (open) {
            return open.computeIfAbsent(
                    name, listed -> ProductIndex.open(settings.of(listed).generation(generation), space));
        }
    }

    /** The names of all collections; null, for the main one, is the first. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        names.add(null);
        names.addAll(settings.others());
        return names;
    }

    /** What made the vectors. */
    public VectorSpace space() {
        return space;
    }

    /** Which generation of collections it is. */
    public int generation() {
        return generation;
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(ProductIndex::close);
            open.clear();
        }
        main.close();
    }
}
