package dev.vitrine.index;

import java.time.Instant;
import java.util.Map;
import java.util.Random;

/** Products and vectors for tests. */
final class SamplePoints {

    static final int DIMENSIONS = 8;
    static final VectorSpace SPACE = new VectorSpace("sample-clip", "a".repeat(64), DIMENSIONS);

    private SamplePoints() {}

    static Product product(String productId, String imageId, long version) {
        return product(productId, imageId, version, Map.of("version", "v" + version));
    }

    static Product product(String productId, String imageId, long version, Map<String, Object> metadata) {
        return new Product(
                productId,
                imageId,
                "Name of " + productId,
                Instant.parse("2026-03-01T12:34:56.789Z"),
                version,
                SPACE.model(),
                metadata);
    }

    /** A unit vector that the seed determines. */
    static float[] vector(long seed) {
        return vector(new Random(seed), DIMENSIONS);
    }

    static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return normalised(vector);
    }

    static float[] normalised(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    static float cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return (float) sum;
    }
}
