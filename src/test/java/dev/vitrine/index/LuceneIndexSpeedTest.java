package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.normalised;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures the embedded index with as many points as {@code -Dindex.points} says; takes minutes. */
@Tag("slow")
class LuceneIndexSpeedTest {

    private static final int POINTS = Integer.getInteger("index.points", 100_000);
    private static final int DIMENSIONS = 512;
    private static final int CLUSTERS = 1_000;
    private static final int QUERIES = 1_000;
    private static final int TOP = 10;

    /** How far a point lies from the centre of its cluster, as a share of the centre's length. */
    private static final double SPREAD = 0.6;

    @TempDir
    Path folder;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Random random = new Random(7);

    @Test
    void searchesFastAndFindsTheNearest() throws Exception {
        float[][] centres = IntStream.range(0, CLUSTERS)
                .mapToObj(i -> SamplePoints.vector(random, DIMENSIONS))
                .toArray(float[][]::new);
        float[][] points =
                IntStream.range(0, POINTS).mapToObj(i -> near(centres)).toArray(float[][]::new);
        float[][] queries =
                IntStream.range(0, QUERIES).mapToObj(i -> near(centres)).toArray(float[][]::new);
        VectorSpace space = new VectorSpace("speed", "0".repeat(64), DIMENSIONS);

        try (LuceneIndex index = new LuceneIndex(folder, space)) {
            double early = upsertOneByOne(index, "early", centres);
            long start = System.nanoTime();
            fill(index, points);
            double seconds = (System.nanoTime() - start) / 1e9;
            double late = upsertOneByOne(index, "late", centres);
            System.out.printf(
                    "%d points of %d dimensions in %.0f s (%.0f/s from 256 callers); one by one: %.0f ms at the start,"
                            + " %.0f ms at the end%n",
                    POINTS, DIMENSIONS, seconds, POINTS / seconds, early, late);
        }
        try (LuceneIndex index = new LuceneIndex(folder, space)) {
            assertThat(index.count()).isEqualTo(POINTS + 80);
            measure(index, queries); // warms up
            long cpu = threads.getCurrentThreadCpuTime();
            double[] ms = measure(index, queries);
            double cpuMs = (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / queries.length;
            double recall = recall(index, points, Arrays.copyOf(queries, 200));
            System.out.printf(
                    "search: p50 %.2f ms, p99 %.2f ms, %.2f ms of processor time each, recall@%d %.4f%n",
                    ms[ms.length / 2], ms[ms.length * 99 / 100], cpuMs, TOP, recall);
            assertThat(recall).isGreaterThanOrEqualTo(0.95);
        }
    }

    private float[] near(float[][] centres) {
        float[] centre = centres[random.nextInt(centres.length)];
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (centre[i] + random.nextGaussian() * SPREAD / Math.sqrt(DIMENSIONS));
        }
        return normalised(vector);
    }

    private double upsertOneByOne(LuceneIndex index, String prefix, float[][] centres) {
        int count = 40;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            index.upsert(product(prefix + i), near(centres));
        }
        return (System.nanoTime() - start) / 1e6 / count;
    }

    private void fill(LuceneIndex index, float[][] points) throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(256);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < points.length; i++) {
            int point = i;
            callers.execute(() -> {
                index.upsert(product("p" + point), points[point]);
                done.incrementAndGet();
            });
        }
        callers.shutdown();
        assertThat(callers.awaitTermination(2, TimeUnit.HOURS)).isTrue();
        assertThat(done.get()).isEqualTo(points.length);
    }

    /** Milliseconds of each search, sorted. */
    private static double[] measure(LuceneIndex index, float[][] queries) {
        double[] ms = new double[queries.length];
        for (int i = 0; i < queries.length; i++) {
            long start = System.nanoTime();
            index.search(queries[i], TOP, -1);
            ms[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(ms);
        return ms;
    }

    private static double recall(LuceneIndex index, float[][] points, float[][] queries) {
        int found = 0;
        for (float[] query : queries) {
            Set<String> expected = nearest(points, query);
            List<SearchHit> hits = index.search(query, TOP, -1);
            found += (int) hits.stream()
                    .filter(hit -> expected.contains(hit.product().productId()))
                    .count();
        }
        return (double) found / (queries.length * TOP);
    }

    private static Set<String> nearest(float[][] points, float[] query) {
        record Scored(int point, float score) {}
        PriorityQueue<Scored> best = new PriorityQueue<>(Comparator.comparing(Scored::score));
        for (int i = 0; i < points.length; i++) {
            best.add(new Scored(i, SamplePoints.cosine(points[i], query)));
            if (best.size() > TOP) {
                best.poll();
            }
        }
        return best.stream().map(scored -> "p" + scored.point()).collect(Collectors.toSet());
    }

    private static Product product(String productId) {
        return new Product(productId, "main", "A product", Instant.EPOCH, 1, "speed", Map.of("price", 1));
    }
}
