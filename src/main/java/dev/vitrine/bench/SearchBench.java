package dev.vitrine.bench;

import dev.vitrine.bench.Report.IndexSize;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ProductIndexes;
import dev.vitrine.index.SearchHit;
import dev.vitrine.index.VectorSpace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** The embedded index as it grows: what an upsert costs, how long a search takes, and how much of the truth it finds. */
final class SearchBench {
    private static final int DIMENSIONS = 512;
    private static final int CLUSTERS = 1_000;
    private static final int CALLERS = 256;
    private static final int QUERIES = 1_000;
    private static final int RECALL_QUERIES = 100;
    private static final int TOP = 10;

    /** How far a point lies from the centre of its cluster, as a share of the centre's length. */
    private static final double SPREAD = 0.6;

    private final int[] sizes;
    private final Path folder;
    private final float[][] centres;

    SearchBench(int[] sizes, Path folder) {
        this.sizes = sizes;
        this.folder = folder;
        this.centres = IntStream.range(0, CLUSTERS)
                .mapToObj(i -> gaussian(new Random(i), 1))
                .toArray(float[][]::new);
    }

    /** One line for each size. */
    List<IndexSize> run() throws InterruptedException {
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, "bench", folder, IndexSettings.DEFAULT_DEADLINE);
        VectorSpace space = new VectorSpace("bench", "0".repeat(64), DIMENSIONS);
        List<IndexSize> lines = new ArrayList<>();
        try (ProductIndex index = ProductIndexes.open(settings, space)) {
            int from = 0;
            for (int size : sizes) {
                Noise noise = Noise.since();
                double perSecond = fill(index, from, size);
                from = size;
                search(index); // warms up
                Histogram micros = search(index);
                lines.add(new IndexSize(
                        size,
                        perSecond,
                        micros.getValueAtPercentile(50) / 1000.0,
                        micros.getValueAtPercentile(99) / 1000.0,
                        recall(index, size),
                        noise.share()));
            }
        }
        return lines;
    }

    private double fill(ProductIndex index, int from, int to) throws InterruptedException {
        long start = System.nanoTime();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        for (int i = from; i < to; i++) {
            int point = i;
            callers.execute(() -> index.upsert(
                    new Product("p" + point, "main", "A product", Instant.EPOCH, 1, "bench", Map.of()), point(point)));
        }
        callers.shutdown();
        if (!callers.awaitTermination(10, TimeUnit.MINUTES) || index.count() != to) {
            throw new BenchException("The index did not take " + to + " points");
        }
        return (to - from) / ((System.nanoTime() - start) / 1e9);
    }

    private Histogram search(ProductIndex index) {
        Histogram micros = new Histogram(3);
        for (int i = 0; i < QUERIES; i++) {
            float[] query = query(i);
            long start = System.nanoTime();
            index.search(query, TOP, -1);
            micros.recordValue((System.nanoTime() - start) / 1_000);
        }
        return micros;
    }

    /** The share of the exact nearest that the index finds. */
    private double recall(ProductIndex index, int size) {
        record Scored(int point, float score) {}
        List<float[]> queries =
                IntStream.range(0, RECALL_QUERIES).mapToObj(this::query).toList();
        List<PriorityQueue<Scored>> nearest = queries.stream()
                .map(q -> new PriorityQueue<>(Comparator.comparing(Scored::score)))
                .toList();
        for (int point = 0; point < size; point++) {
            float[] vector = point(point);
            for (int q = 0; q < queries.size(); q++) {
                nearest.get(q).add(new Scored(point, dot(vector, queries.get(q))));
                if (nearest.get(q).size() > TOP) {
                    nearest.get(q).poll();
                }
            }
        }
        int found = 0;
        for (int q = 0; q < queries.size(); q++) {
            Set<String> expected =
                    nearest.get(q).stream().map(scored -> "p" + scored.point()).collect(Collectors.toSet());
            for (SearchHit hit : index.search(queries.get(q), TOP, -1)) {
                found += expected.contains(hit.product().productId()) ? 1 : 0;
            }
        }
        return (double) found / (TOP * queries.size());
    }

    private float[] point(int number) {
        return near(new Random(1_000_000L + number));
    }

    private float[] query(int number) {
        return near(new Random(-1L - number));
    }

    private float[] near(Random random) {
        float[] centre = centres[random.nextInt(CLUSTERS)];
        float[] vector = gaussian(random, SPREAD);
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] += centre[i];
        }
        float length = (float) Math.sqrt(dot(vector, vector));
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    /** About this long. */
    private static float[] gaussian(Random random, double length) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (random.nextGaussian() * length / Math.sqrt(DIMENSIONS));
        }
        return vector;
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
