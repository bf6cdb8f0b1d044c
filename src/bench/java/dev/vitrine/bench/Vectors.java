package dev.vitrine.bench;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Unit vectors that lie as the vectors of a shop's pictures under CLIP do, and not as noise does, among which nothing is
 * near anything: all of them around one direction (two of them at random have a cosine of about 0.6), in clusters within
 * clusters (kinds of product, and products of a kind), with a variance that falls with the dimension, so that some thirty
 * of the 512 dimensions matter. The same ones every time.
 */
final class Vectors {
    static final int DIMENSIONS = 512;

    private static final int KINDS = 40;
    private static final int PRODUCTS = 2_000;

    /** How far a kind lies from the middle, a product from its kind, and a picture from its product; the middle's is 1. */
    private static final double KIND = 0.45;

    private static final double PRODUCT = 0.45;
    private static final double PICTURE = 0.5;

    private final double[] deviations = new double[DIMENSIONS];
    private final float[] middle;
    private final float[][] kinds;
    private final float[][] products;

    Vectors() {
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            squares += 1.0 / (i + 1);
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            deviations[i] = Math.sqrt(1 / ((i + 1) * squares));
        }
        this.middle = middle();
        this.kinds = IntStream.range(0, KINDS)
                .mapToObj(i -> gaussian(new Random(1_000 + i), KIND))
                .toArray(float[][]::new);
        this.products = IntStream.range(0, PRODUCTS)
                .mapToObj(i -> gaussian(new Random(10_000 + i), PRODUCT))
                .toArray(float[][]::new);
    }

    private static float[] middle() {
        Random random = new Random(1);
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return unit(vector);
    }

    /** A vector of the index. */
    float[] point(int number) {
        return near(new Random(1_000_000L + number));
    }

    /** A vector to search with: a further picture of some product. */
    float[] query(int number) {
        return near(new Random(-1L - number));
    }

    /**
     * The exact nearest of the first {@code points} points to each of the first {@code queries} queries, by their numbers.
     */
    List<Set<Integer>> nearest(int points, int queries, int top) {
        record Scored(int point, float score) {}
        float[][] searched = IntStream.range(0, queries).mapToObj(this::query).toArray(float[][]::new);
        List<PriorityQueue<Scored>> best = IntStream.range(0, queries)
                .mapToObj(i -> new PriorityQueue<>(Comparator.comparing(Scored::score)))
                .toList();
        for (int point = 0; point < points; point++) {
            float[] vector = point(point);
            for (int i = 0; i < queries; i++) {
                float score = dot(vector, searched[i]);
                PriorityQueue<Scored> nearest = best.get(i);
                if (nearest.size() < top || score > nearest.element().score()) {
                    nearest.add(new Scored(point, score));
                    if (nearest.size() > top) {
                        nearest.remove();
                    }
                }
            }
        }
        return best.stream()
                .map(nearest -> nearest.stream().map(Scored::point).collect(Collectors.toSet()))
                .toList();
    }

    /** The exact nearest of some points to a query, by their numbers. */
    Set<Integer> nearest(IntStream points, int query, int top) {
        float[] searched = query(query);
        record Scored(int point, float score) {}
        return points.mapToObj(point -> new Scored(point, dot(point(point), searched)))
                .sorted(Comparator.comparing(Scored::score).reversed())
                .limit(top)
                .map(Scored::point)
                .collect(Collectors.toSet());
    }

    private float[] near(Random random) {
        int product = random.nextInt(PRODUCTS);
        float[] vector = gaussian(random, PICTURE);
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] += middle[i] + kinds[product % KINDS][i] + products[product][i];
        }
        return unit(vector);
    }

    /** About this long. */
    private float[] gaussian(Random random, double length) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (random.nextGaussian() * deviations[i] * length);
        }
        return vector;
    }

    private static float[] unit(float[] vector) {
        float length = (float) Math.sqrt(dot(vector, vector));
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    /** Four sums at a time, which the processor adds side by side. */
    private static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = 0; i < DIMENSIONS; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        return s0 + s1 + s2 + s3;
    }
}
