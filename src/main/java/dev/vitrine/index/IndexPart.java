package dev.vitrine.index;

import dev.vitrine.image.PictureSettings;
import dev.vitrine.index.thumbnail.FolderThumbnails;
import dev.vitrine.index.thumbnail.ObjectThumbnails;
import dev.vitrine.index.thumbnail.Thumbnails;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import dev.vitrine.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The index with its collections. */
public final class IndexPart implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(IndexPart.class);

    private static final Duration WATCH_PERIOD = Duration.ofSeconds(3);

    private final IndexSettings settings;
    private final Supplier<VectorSpace> space;
    private Thumbnails thumbnails;
    private final boolean servesThumbnails;
    private final int generation;
    private IndexSet first;
    private ProductIndex main;
    private ProductCollections collections;
    private Optional<IndexWatch> watch = Optional.empty();

    /**
     * @param generation which generation of collections serves
     * @param pictures says whether small ones are wanted
     * @param space which vectors there will be; asked for at opening
     */
    public IndexPart(IndexSettings settings, int generation, PictureSettings pictures, Supplier<VectorSpace> space) {
        this.thumbnails = new FolderThumbnails(settings.folder().resolveSibling("thumbnails"));
        this.servesThumbnails = pictures.thumbnails();
        this.settings = settings;
        this.generation = generation;
        this.space = space;
    }

    /**
     * Says where small pictures lie; to be called before anybody asks for them.
     *
     * @param bucket empty for the data folder
     */
    public void keepThumbnails(Optional<ObjectStore> bucket) {
        bucket.ifPresent(there -> thumbnails = new ObjectThumbnails(there));
    }

    @Override
    public void open() {
        VectorSpace vectors = space.get();
        first = IndexSet.open(settings, generation, vectors);
        collections = new ProductCollections(first, settings);
        main = collections.of(null);
        boolean away = false;
        try {
            main.check();
        } catch (UnfitIndexException e) {
            throw e;
        } catch (IndexUnavailableException e) {
            away = true;
            LOG.warn("{}. The service waits for it.", e.getMessage());
        }
        if (!settings.url().equals(IndexSettings.EMBEDDED)) {
            watch = Optional.of(new IndexWatch(main, WATCH_PERIOD, away));
        }
    }

    /** Where the collections are. */
    public IndexSettings settings() {
        return settings;
    }

    /** The collections that served at the start. */
    public IndexSet first() {
        return first;
    }

    /** The main collection. */
    public ProductIndex main() {
        return main;
    }

    /** The main collection's name. */
    public String mainName() {
        return settings.collection();
    }

    /** All collections. */
    public ProductCollections collections() {
        return collections;
    }

    /** The small pictures that are kept, also those of a time when they were wanted. */
    public Thumbnails thumbnails() {
        return thumbnails;
    }

    /** Those that clients get. */
    public Optional<Thumbnails> servedThumbnails() {
        return servesThumbnails ? Optional.of(thumbnails) : Optional.empty();
    }

    @Override
    public List<Probe> probes() {
        return List.of(Probe.substitutable("index", main::check));
    }

    @Override
    public void close() {
        watch.ifPresent(IndexWatch::close);
        if (first != null) {
            first.close();
        }
    }
}
