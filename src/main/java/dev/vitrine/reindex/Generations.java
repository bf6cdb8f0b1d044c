package dev.vitrine.reindex;

import dev.vitrine.clip.ModelException;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.reindex.ModelState.Named;
import dev.vitrine.reindex.ModelState.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations as this process has them: each is loaded when it is first needed, and closed at the end. Safe for many
 * threads.
 */
public final class Generations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final StateFile file;
    private final GenerationLoader loader;
    private final Map<Integer, IndexSet> sets = new HashMap<>();
    private final Map<Integer, Generation> loaded = new HashMap<>();
    private final IndexSet firstSet;
    private final Generation first;
    private final AtomicBoolean stays = new AtomicBoolean();

    /** @param first served at the start; its owners close it */
    public Generations(StateFile file, GenerationLoader loader, Generation first) {
        this.file = file;
        this.loader = loader;
        this.first = first;
        this.firstSet = first.indexes();
        sets.put(firstSet.generation(), firstSet);
        loaded.put(firstSet.generation(), first);
    }

    /** What the file says now. */
    public ModelState state() {
        return file.read();
    }

    StateFile file() {
        return file;
    }

    /**
     * The generation that serves now. Whoever asks for vectors takes it once, before anything is embedded.
     *
     * @throws ModelException where its model cannot be loaded here and there is no other that serves as well
     */
    public Generation serving() {
        ModelState now = state();
        try {
            Generation serving = of(now.serving());
            if (stays.compareAndSet(true, false)) {
                LOG.info("This process has {} now, too", serving.model().name());
            }
            return serving;
        } catch (ModelException e) {
            if (now.other() == null || !isLoaded(now.other())) {
                throw e;
            }
            if (stays.compareAndSet(false, true)) {
                LOG.error("This process goes on with {}: {}", now.other().model(), e.getMessage());
            }
            return of(now.other());
        }
    }

    /**
     * Which generations must have what one got, after it has got it: the one that serves, if that has changed meanwhile, and
     * the one that is about to.
     */
    public List<Generation> alsoOwed(Generation written) {
        return alsoOwed(written.indexes());
    }

    List<Generation> alsoOwed(IndexSet written) {
        ModelState now = state();
        List<Generation> more = new ArrayList<>();
        int has = written.generation();
        if (now.serving().generation() != has) {
            more.add(of(now.serving()));
        }
        if (now.phase() == Phase.CLOSING && now.other().generation() != has) {
            more.add(of(now.other()));
        }
        return more;
    }

    /** The collections, for what needs no vectors of its own. */
    public ProductCollections.Pair pair() {
        ModelState now = state();
        return new ProductCollections.Pair(
                set(now.serving()),
                Optional.ofNullable(now.other()).map(this::set),
                now.phase() == null || now.isBuilding());
    }

    /** Loads what is about to serve, so that no request waits for it. */
    void prepare() {
        ModelState now = state();
        if (now.phase() == Phase.CLOSING) {
            of(now.other());
        }
        of(now.serving());
    }

    /**
     * Loads a model under the number that it is going to have.
     *
     * @param check refuses its vectors by throwing, before anything is made for them
     * @throws ModelException where it cannot be loaded
     */
    synchronized Named add(int number, String model, Consumer<VectorSpace> check) {
        GenerationLoader.Loaded fresh = loader.load(model);
        VectorSpace space = Generation.space(fresh.model());
        try {
            check.accept(space);
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
        Named named = new Named(number, model, space.fingerprint(), space.dimensions());
        keep(named, fresh);
        return named;
    }

    synchronized Generation of(Named named) {
        Generation there = loaded.get(named.generation());
        return there != null ? there : keep(named, loader.load(named.model()));
    }

    private synchronized boolean isLoaded(Named named) {
        return loaded.containsKey(named.generation());
    }

    private Generation keep(Named named, GenerationLoader.Loaded fresh) {
        if (named.fingerprint() != null
                && !named.fingerprint().equals(fresh.model().fingerprint())) {
            fresh.close();
            throw new ModelException(
                    "The model " + named.model() + " is not the one that its collection was begun with:"
                            + " its files or the settings of pictures were changed. Put them back, or drop the collection"
                            + " (./vitrine reindex --drop) and begin again");
        }
        Generation generation =
                new Generation(fresh.model(), fresh.preparer(), set(named, Generation.space(fresh.model())));
        loaded.put(named.generation(), generation);
        return generation;
    }

    private IndexSet set(Named named) {
        return set(named, new VectorSpace(named.model(), named.fingerprint(), named.dimensions()));
    }

    private synchronized IndexSet set(Named named, VectorSpace space) {
        return sets.computeIfAbsent(named.generation(), number -> loader.open(number, space));
    }

    /** The generation that served at the start of this process. */
    Generation first() {
        return first;
    }

    @Override
    public synchronized void close() {
        loaded.forEach((number, generation) -> {
            if (generation != first) {
                generation.model().close();
                generation.preparer().close();
            }
        });
        sets.values().stream().filter(set -> set != firstSet).forEach(IndexSet::close);
        loaded.clear();
        sets.clear();
    }
}
