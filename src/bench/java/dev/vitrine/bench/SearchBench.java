package dev.vitrine.bench;

import dev.vitrine.bench.Report.IndexSearch;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.SearchHit;
import dev.vitrine.index.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * An index as it grows: what an upsert costs, how long a search takes when nothing else happens and while points come in,
 * how much of the truth it finds, and the same with a filter. Searches come at a fixed rate and hold no embedding.
 */
final class SearchBench {
    /** The space of its vectors. */
    static final VectorSpace SPACE = new VectorSpace("bench", "0".repeat(64), Vectors.DIMENSIONS);

    /** Searches of a busy shop, some ten million a day. */
    private static final double SEARCHES_A_SECOND = 100;

    /** As fast as two cores make vectors with CLIP ViT-B/32. */
    private static final double UPSERTS_A_SECOND = 20;

    private static final int SEARCHERS = 4;
    private static final int WRITERS = 8;
    private static final int CALLERS = 256;
    private static final int RECALL_QUERIES = 100;
    private static final int TOP = 10;
    private static final Duration IDLE_WINDOW = Duration.ofMillis(500);
    private static final int IDLE_WINDOWS = 3;

    /** Of a processor's time, from which on something still goes on. */
    private static final double IDLE_SHARE = 0.1;

    /** Lets the index finish what it does in the background; returns at once where nothing is to be waited for. */
    @FunctionalInterface
    interface Settling {
        void await() throws InterruptedException;
    }

    private final Vectors vectors;
    private final Plan plan;
    private final long stopAt;

    /** @param stopAt in {@link System#nanoTime}; when it has come, the index is measured at the size that it has by then */
    SearchBench(Vectors vectors, Plan plan, long stopAt) {
        this.vectors = vectors;
        this.plan = plan;
        this.stopAt = stopAt;
    }

    /** One entry for each size, or for as many as there is time for. */
    List<IndexSearch> run(ProductIndex index, int[] sizes, Settling settling) throws InterruptedException {
        List<IndexSearch> entries = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            int rounds = size == sizes[sizes.length - 1] ? plan.searchRounds() : 1;
            long start = System.nanoTime();
            int points = fill(index, from, size);
            if (points == from) {
                break;
            }
            double filled = (System.nanoTime() - start) / 1e9;
            long settle = System.nanoTime();
            settling.await();
            double settled = (System.nanoTime() - settle) / 1e9;
            entries.add(measure(index, points, rounds, (points - from) / filled, settled));
            from = points;
        }
        return entries;
    }

    private IndexSearch measure(ProductIndex index, int points, int rounds, double upserts, double settled)
            throws InterruptedException {
        FixedRate searches = new FixedRate(SEARCHERS, SEARCHES_A_SECOND);
        searches.run(plan.search(), i -> index.search(vectors.query(i), TOP, -1)); // warms up
        List<Double> p50 = new ArrayList<>();
        List<Double> p99 = new ArrayList<>();
        Histogram all = new Histogram(3);
        Noise noise = Noise.since();
        for (int round = 0; round < rounds; round++) {
            Histogram micros = searches.run(plan.search(), i -> index.search(vectors.query(i), TOP, -1));
            p50.add(micros.getValueAtPercentile(50) / 1e3);
            p99.add(micros.getValueAtPercentile(99) / 1e3);
            all.add(micros);
        }
        double others = noise.share();
        Report.Filtered filtered = new FilterBench(vectors, plan, searches).run(index, points, rounds);
        double recall = recall(index, points);
        return new IndexSearch(
                points,
                upserts,
                settled,
                SEARCHES_A_SECOND,
                Figures.median(p50),
                Figures.median(p99),
                p99,
                whileIndexing(index, points, searches),
                recall,
                filtered,
                Figures.curve(all),
                others);
    }

    /** The p99 in ms while points come in, half of them new and half of them replacing others. */
    private double whileIndexing(ProductIndex index, int points, FixedRate searches) throws InterruptedException {
        FixedRate upserts = new FixedRate(WRITERS, UPSERTS_A_SECOND);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<Histogram> written = writer.submit(() -> upserts.run(plan.search(), i -> {
                int number = i % 2 == 0 ? points + i : i;
                index.upsert(product(number, 2), vectors.point(number));
            }));
            Histogram micros = searches.run(plan.search(), i -> index.search(vectors.query(i), TOP, -1));
            written.get();
            return micros.getValueAtPercentile(99) / 1e3;
        } catch (ExecutionException e) {
            throw new BenchException("Indexing failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            writer.shutdownNow();
        }
    }

    /** Adds points up to this number, or until the time is over; returns how many there are then. */
    private int fill(ProductIndex index, int from, int to) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(from);
        Callable<Void> caller = () -> {
            while (System.nanoTime() < stopAt) {
                int number = next.getAndUpdate(n -> n < to ? n + 1 : n);
                if (number >= to) {
                    break;
                }
                index.upsert(product(number, 1), vectors.point(number));
            }
            return null;
        };
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(caller);
            }
            for (Future<Void> one : callers.invokeAll(all)) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException(
                    "The index did not take a point: " + e.getCause().getMessage(), e.getCause());
        } finally {
            callers.shutdownNow();
        }
        if (index.count() < next.get()) {
            throw new BenchException("The index took " + next.get() + " points and has " + index.count());
        }
        return next.get();
    }

    /** The share of the exact nearest that the index finds. */
    private double recall(ProductIndex index, int points) {
        List<Set<Integer>> truth = vectors.nearest(points, RECALL_QUERIES, TOP);
        int found = 0;
        int all = 0;
        for (int i = 0; i < RECALL_QUERIES; i++) {
            Set<String> expected = new HashSet<>();
            truth.get(i).forEach(number -> expected.add(product(number, 1).productId()));
            all += expected.size();
            for (SearchHit hit : index.search(vectors.query(i), TOP, -1)) {
                found += expected.contains(hit.product().productId()) ? 1 : 0;
            }
        }
        return (double) found / all;
    }

    private static Product product(int number, long version) {
        Map<String, Object> metadata = Map.of("price", number, FilterBench.FIELD, number % FilterBench.GROUPS);
        return new Product("p" + number, "main", "A product", Instant.EPOCH, version, SPACE.model(), metadata);
    }

    /** Waits until this process has no more to do in the background, for at most the time given. */
    static void awaitIdle(Duration limit) throws InterruptedException {
        long pid = ProcessHandle.current().pid();
        long end = System.nanoTime() + limit.toNanos();
        int quiet = 0;
        while (quiet < IDLE_WINDOWS && System.nanoTime() < end) {
            double before = Machine.seconds(pid);
            Thread.sleep(IDLE_WINDOW.toMillis());
            double spent = Machine.seconds(pid) - before;
            quiet = spent > IDLE_SHARE * IDLE_WINDOW.toMillis() / 1e3 ? 0 : quiet + 1;
        }
    }
}
