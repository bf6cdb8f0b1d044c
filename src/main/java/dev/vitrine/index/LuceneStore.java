package dev.vitrine.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MergePolicy.OneMerge;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.Bits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open files of a {@link LuceneIndex}: a writer, and searchers that see what was committed. Written by one thread,
 * read by many. After a failed write it is abandoned and a new one opened, which starts from the last commit.
 */
final class LuceneStore {

    /** Opens the directory in a folder. */
    @FunctionalInterface
    interface DirectoryOpener {
        Directory open(Path folder) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LuceneStore.class);

    /** Neighbours of a point in the graph, and how many candidates are looked at to find them (HNSW's M, efConstruction). */
    private static final int MAX_CONNECTIONS = 16;

    private static final int BEAM_WIDTH = 100;

    /** Merges beyond this many hold up writers; generous, as building the graph of a large merge takes minutes. */
    private static final int MAX_MERGES = 16;

    private static final int MERGE_THREADS = 1;

    private static final long MERGE_COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * Segments of about one size that are let be. A search goes through the graph of each segment, which costs more than
     * their points do; with Lucene's default of 10, some 100,000 points lie in twice as many segments.
     */
    private static final int SEGMENTS_PER_TIER = 5;

    /** Help a search to go through the segments side by side; one pool for all indexes, which share the processors too. */
    private static final ExecutorService HELPERS = helpers();

    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;

    private LuceneStore(Directory directory, IndexWriter writer) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.searchers = new SearcherManager(writer, new SearcherFactory() {
            @Override
            public IndexSearcher newSearcher(IndexReader reader, IndexReader previous) {
                return new IndexSearcher(reader, HELPERS);
            }
        });
        writer.maybeMerge(); // what the last process began and did not end
    }

    /**
     * Opens or creates the index and proves with a commit that it can be written.
     *
     * @param merged called after each merge, by its thread, which it must not hold up: the next {@link #commit()} shows the
     *     merge to searches and frees the disk of what it replaced
     * @throws VectorSpaceMismatchException when another space filled it
     * @throws IndexUnavailableException when another process has it open
     */
    static LuceneStore open(Path folder, DirectoryOpener opener, VectorSpace space, Runnable merged)
            throws IOException {
        if (space.dimensions() > WideVectorsFormat.MAX_DIMENSIONS) {
            throw new IllegalArgumentException(
                    SpaceMemory.named(space) + " has too many dimensions for the embedded index,"
                            + " which takes up to " + WideVectorsFormat.MAX_DIMENSIONS + "; use Qdrant");
        }
        Files.createDirectories(folder);
        Directory directory = new SyncOnceDirectory(opener.open(folder));
        IndexWriter writer = null;
        try {
            writer = new IndexWriter(directory, config(merged));
            Map<String, String> memory = new HashMap<>();
            if (writer.getLiveCommitData() != null) {
                writer.getLiveCommitData().forEach(entry -> memory.put(entry.getKey(), entry.getValue()));
            }
            SpaceMemory.read(memory)
                    .ifPresent(
                            there -> SpaceMemory.compare(
                                    folder.toString(),
                                    there,
                                    space,
                                    """
                    Use another VITRINE_DATA_DIR for this model, or set VITRINE_MODEL back, \
                    or empty the index with ./vitrine index clear and send the pictures again."""));
            LuceneLayout.upgrade(writer, memory);
            writer.setLiveCommitData(LuceneLayout.memory(space).entrySet());
            writer.commit();
            return new LuceneStore(directory, writer);
        } catch (LockObtainFailedException e) {
            closeQuietly(directory);
            throw new IndexUnavailableException(
                    "Another vitrine uses the index in " + folder
                            + ", which only one process can open; stop it, or set VITRINE_QDRANT_URL to a Qdrant server"
                            + " for several processes",
                    e);
        } catch (IOException | RuntimeException e) {
            rollBackQuietly(writer);
            closeQuietly(directory);
            throw e;
        }
    }

    private static IndexWriterConfig config(Runnable merged) {
        Merges merges = new Merges(merged);
        merges.setMaxMergesAndThreads(MAX_MERGES, MERGE_THREADS);
        merges.disableAutoIOThrottle(); // for spinning disks: a merge sleeps, and searches go on in its many segments
        TieredMergePolicy policy = new TieredMergePolicy();
        policy.setNoCFSRatio(1);
        policy.setSegmentsPerTier(SEGMENTS_PER_TIER);
        return new IndexWriterConfig()
                .setMergePolicy(policy)
                .setCodec(new Lucene912Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return new WideVectorsFormat();
                    }
                })
                .setMergeScheduler(merges)
                .setMaxFullFlushMergeWaitMillis(0) // an upsert waits for its commit, not for merges
                .setCommitOnClose(false);
    }

    SearcherManager searchers() {
        return searchers;
    }

    /** Replaces the point, visible and durable with the next {@link #commit()}. */
    void put(String pointId, Document document) throws IOException {
        writer.updateDocument(new Term(LuceneDocument.ID, pointId), document);
    }

    /** Removes the point with the next {@link #commit()}. */
    void delete(String pointId) throws IOException {
        writer.deleteDocuments(new Term(LuceneDocument.ID, pointId));
    }

    /** Removes what a query matches with the next {@link #commit()}. */
    void delete(Query query) throws IOException {
        writer.deleteDocuments(query);
    }

    /** Makes what was written survive a crash, then shows it to searches. */
    void commit() throws IOException {
        writer.commit();
        searchers.maybeRefreshBlocking();
    }

    /** The version of the point that a searcher sees, null where there is none. */
    static Long version(IndexSearcher searcher, String pointId) throws IOException {
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            int doc = firstLive(leaf, new Term(LuceneDocument.ID, pointId));
            if (doc != DocIdSetIterator.NO_MORE_DOCS) {
                NumericDocValues versions = leaf.reader().getNumericDocValues(LuceneDocument.VERSION);
                if (versions != null && versions.advanceExact(doc)) {
                    return versions.longValue();
                }
            }
        }
        return null;
    }

    /** The points of a product that a searcher sees. */
    static List<Product> products(IndexSearcher searcher, String productId) throws IOException {
        List<Product> products = new ArrayList<>();
        Term term = new Term(LuceneDocument.PRODUCT_ID, productId);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            PostingsEnum docs = leaf.reader().postings(term, PostingsEnum.NONE);
            for (int doc = nextLive(leaf, docs); doc != DocIdSetIterator.NO_MORE_DOCS; doc = nextLive(leaf, docs)) {
                products.add(LuceneDocument.product(leaf.reader().storedFields().document(doc)));
            }
        }
        return products;
    }

    /** Closes everything after the last commit. */
    void close() throws IOException {
        try {
            searchers.close();
            writer.rollback(); // every acknowledged write is committed; waits for no merge
        } finally {
            directory.close();
        }
    }

    /** Drops what was not committed and the lock, but lets searches go on until {@link #retire()}. */
    void abandon() {
        rollBackQuietly(writer);
    }

    /** Ends the searches of an abandoned store. */
    void retire() {
        closeQuietly(searchers);
        closeQuietly(directory);
    }

    private static int firstLive(LeafReaderContext leaf, Term term) throws IOException {
        return nextLive(leaf, leaf.reader().postings(term, PostingsEnum.NONE));
    }

    private static int nextLive(LeafReaderContext leaf, PostingsEnum docs) throws IOException {
        if (docs == null) {
            return DocIdSetIterator.NO_MORE_DOCS;
        }
        Bits live = leaf.reader().getLiveDocs();
        int doc = docs.nextDoc();
        while (doc != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(doc)) {
            doc = docs.nextDoc();
        }
        return doc;
    }

    private static void rollBackQuietly(IndexWriter writer) {
        if (writer != null) {
            try {
                writer.rollback();
            } catch (IOException | RuntimeException e) {
                LOG.debug("Could not roll back the index writer", e);
            }
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.debug("Could not close {}", closeable, e);
        }
    }

    private static ExecutorService helpers() {
        int processors = Runtime.getRuntime().availableProcessors();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                processors, processors, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "lucene-search");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Merges in the background, for which no search waits. */
    private static final class Merges extends ConcurrentMergeScheduler {
        private final Runnable merged;
        private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());

        Merges(Runnable merged) {
            this.merged = merged;
        }

        @Override
        protected synchronized MergeThread getMergeThread(MergeSource source, OneMerge merge) throws IOException {
            MergeThread thread = super.getMergeThread(source, merge);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        }

        @Override
        protected void doMerge(MergeSource source, OneMerge merge) throws IOException {
            super.doMerge(source, merge);
            merged.run();
        }

        /** Each commit tries it again, so the log says it once a minute. */
        @Override
        protected void handleMergeException(Throwable e) {
            long now = System.nanoTime();
            long until = silentUntil.get();
            if (now - until >= 0 && silentUntil.compareAndSet(until, now + MERGE_COMPLAINT_NANOS)) {
                LOG.warn("A merge of index segments failed and will be tried again; is the disk full?", e);
            }
        }
    }

    /** Lucene's HNSW format without its limit of 1,024 dimensions; on disk it is the standard format. */
    private static final class WideVectorsFormat extends KnnVectorsFormat {

        private static final int MAX_DIMENSIONS = 4096;

        private final KnnVectorsFormat standard = new Lucene99HnswVectorsFormat(MAX_CONNECTIONS, BEAM_WIDTH);

        WideVectorsFormat() {
            super("Lucene99HnswVectorsFormat"); // under this name, any Lucene reads the segments
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return standard.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return standard.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return MAX_DIMENSIONS;
        }
    }
}
