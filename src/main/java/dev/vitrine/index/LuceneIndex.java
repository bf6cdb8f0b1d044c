package dev.vitrine.index;

import dev.vitrine.batch.Batcher;
import dev.vitrine.batch.Batcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.FSDirectory;

/**
 * The embedded index: Lucene's HNSW graph in a folder, for one process.
 *
 * <p>All changes go through one thread, which writes whatever waits, commits once for all of it and only then answers: an
 * acknowledged point survives {@code kill -9}, and a search after it sees it. After a failed write, a full disk say, the
 * index goes back to its last commit, searches go on, and the next change opens the files again.
 */
public final class LuceneIndex implements ProductIndex {

    private static final int BATCH = 256;

    /**
     * How long a commit waits for more changes: the pictures of one run of the encoder come within it. A commit costs
     * several times as much, however few points are in it.
     */
    private static final Duration GATHER = Duration.ofMillis(10);

    /** Longer than any sane commit; a disk that takes it is at fault. */
    private static final long WRITE_TIMEOUT_S = 60;

    @FunctionalInterface
    private interface Read<T> {
        T from(IndexSearcher searcher) throws IOException;
    }

    private final Path folder;
    private final LuceneStore.DirectoryOpener opener;
    private final VectorSpace space;
    private volatile Batcher<LuceneChange, Integer> changes;
    private volatile LuceneStore store;
    private volatile boolean closed;
    private boolean broken; // only the thread of the batcher looks

    /**
     * Opens the index, or creates it where the folder is empty or missing.
     *
     * @throws VectorSpaceMismatchException when another vector space filled it
     * @throws IndexUnavailableException when another process uses the folder, or it cannot be read or written
     */
    public LuceneIndex(Path folder, VectorSpace space) {
        this(folder, space, FSDirectory::open);
    }

    LuceneIndex(Path folder, VectorSpace space, LuceneStore.DirectoryOpener opener) {
        this.folder = folder;
        this.space = space;
        this.opener = opener;
        try {
            this.store = LuceneStore.open(folder, opener, space, this::settle);
        } catch (IOException e) {
            throw unavailable("cannot be opened", e);
        }
        this.changes = new Batcher<>("lucene-index", BATCH, GATHER, List.of(this::write));
    }

    @Override
    public void upsert(Product product, float[] vector) {
        Product checked = Admission.product(product);
        String pointId = PointIds.of(checked.productId(), checked.imageId()).toString();
        change(new LuceneChange.Put(pointId, checked, Admission.vector(vector, space)));
    }

    @Override
    public List<SearchHit> search(ProductQuery query) {
        Admission.search(query.limit(), query.minScore());
        float[] unit = Admission.vector(query.vector(), space);
        return read(searcher -> {
            List<SearchHit> hits = LuceneSearch.nearest(searcher, unit, query);
            return query.others() == 0
                    ? hits
                    : LuceneOthers.of(searcher, unit, query).addTo(hits);
        });
    }

    @Override
    public Map<String, float[]> vectors(String productId) {
        Admission.id("product id", productId);
        return read(searcher -> LuceneVectors.of(searcher, productId));
    }

    @Override
    public List<Product> find(String productId) {
        Admission.id("product id", productId);
        return read(searcher -> LuceneStore.products(searcher, productId).stream()
                .sorted(Comparator.comparing(Product::imageId))
                .toList());
    }

    @Override
    public ProductPage list(ProductCursor after, int limit, Filter filter) {
        Admission.search(limit, -1);
        Query wanted = filter == null ? null : LuceneFilter.of(filter);
        long now = System.currentTimeMillis();
        return read(searcher -> ProductListing.page(new LucenePoints(searcher, wanted), after, limit, now));
    }

    @Override
    public List<StoredPoint> points(String after, int limit, Filter filter, boolean withVectors) {
        Admission.search(limit, -1);
        Query wanted = filter == null ? null : LuceneFilter.of(filter);
        return read(searcher -> LuceneStored.after(searcher, after, limit, wanted, withVectors));
    }

    @Override
    public VectorSpace space() {
        return space;
    }

    @Override
    public int delete(String productId, long version) {
        Admission.id("product id", productId);
        return change(new LuceneChange.Delete(productId, null, version));
    }

    @Override
    public int delete(String productId, String imageId, long version) {
        Admission.id("product id", productId);
        Admission.id("image id", imageId);
        return change(new LuceneChange.Delete(productId, imageId, version));
    }

    @Override
    public int delete(Filter filter, long version) {
        return change(new LuceneChange.DeleteMatching(LuceneFilter.of(filter), version));
    }

    @Override
    public long newest(long until) {
        return read(searcher -> LuceneVersions.newest(searcher, until));
    }

    @Override
    public long count(Filter filter) {
        return read(searcher -> (long)
                (filter == null ? searcher.getIndexReader().numDocs() : searcher.count(LuceneFilter.of(filter))));
    }

    /** Returns if the folder can be read, and written where the last write failed. */
    @Override
    public void check() {
        change(new LuceneChange.Probe());
        count();
    }

    @Override
    public String kind() {
        return "embedded";
    }

    @Override
    public String place() {
        return folder.toString();
    }

    @Override
    public void close() {
        closed = true;
        changes.close();
        try {
            store.close();
        } catch (IOException | AlreadyClosedException e) {
            throw unavailable("could not be closed; what was acknowledged is safe", e);
        }
    }

    private int change(LuceneChange change) {
        try {
            return changes.call(change, WRITE_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw unavailable("did not finish a write within " + WRITE_TIMEOUT_S + " s; is the disk healthy?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was interrupted while it wrote", e);
        } catch (Batcher.ClosedException e) {
            throw unavailable("is closed", e);
        }
    }

    /** After a merge: without this, searches would go on with the many small segments until the next change. */
    private void settle() {
        Batcher<LuceneChange, Integer> open = changes;
        if (open != null) { // a merge that ends before the constructor does is shown by the next change
            open.submit(new LuceneChange.Settle());
        }
    }

    private <T> T read(Read<T> read) {
        while (true) {
            LuceneStore current = store;
            try {
                IndexSearcher searcher = current.searchers().acquire();
                try {
                    return read.from(searcher);
                } finally {
                    current.searchers().release(searcher);
                }
            } catch (AlreadyClosedException e) {
                if (closed || current == store) {
                    throw unavailable("is closed", e);
                }
            } catch (IOException | UncheckedIOException e) {
                throw unavailable("cannot be read", e);
            }
        }
    }

    /** Writes a batch and commits it, or nothing of it. */
    private List<Outcome<Integer>> write(List<LuceneChange> batch) {
        try {
            if (broken) {
                reopen();
            }
            return new LuceneBatch(store).apply(batch);
        } catch (VectorSpaceMismatchException e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            broken = true;
            store.abandon();
            throw unavailable("cannot be written; is the disk full, or " + folder + " read-only or gone?", e);
        }
    }

    private void reopen() throws IOException {
        LuceneStore abandoned = store;
        store = LuceneStore.open(folder, opener, space, this::settle);
        broken = false;
        abandoned.retire();
    }

    private IndexUnavailableException unavailable(String what, Throwable cause) {
        return new IndexUnavailableException("The index in " + folder + " " + what, cause);
    }
}
