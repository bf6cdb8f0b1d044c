package dev.vitrine.index;

import java.time.temporal.ChronoUnit;
import java.util.Map;

/** What every index lets in: the checks that both makers share, so that both refuse the same with the same words. */
final class Admission {

    /** The greatest version, 2^53 − 1: Qdrant compares numbers as doubles, which are exact up to there. */
    static final long MAX_VERSION = (1L << 53) - 1;

    static final int MAX_LIMIT = 1_000;

    private static final int MAX_ID_LENGTH = 1_024;

    private Admission() {}

    /** The product with its metadata in {@linkplain Metadata#canonical canonical} form and its time in milliseconds. */
    static Product product(Product product) {
        id("product id", product.productId());
        id("image id", product.imageId());
        text("name", product.name());
        text("model", product.model());
        if (product.indexedAt() == null) {
            throw new IllegalArgumentException("The time of indexing is missing");
        }
        if (product.version() < 0 || product.version() > MAX_VERSION) {
            throw new IllegalArgumentException(
                    "The version must be 0 to " + MAX_VERSION + ", but is " + product.version());
        }
        return new Product(
                product.productId(),
                product.imageId(),
                product.name(),
                product.indexedAt().truncatedTo(ChronoUnit.MILLIS),
                product.version(),
                product.model(),
                metadata(product.metadata()));
    }

    /**
     * A copy of the vector, of length 1.
     *
     * @throws IllegalArgumentException when it has another number of dimensions, is not finite, or is zero
     */
    static float[] vector(float[] vector, VectorSpace space) {
        if (vector.length != space.dimensions()) {
            throw new IllegalArgumentException("The vector has " + vector.length + " dimensions, but " + space.model()
                    + " makes " + space.dimensions());
        }
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException("The vector holds NaN or infinity");
        }
        double length = Math.sqrt(squares);
        if (length < 1e-6) {
            throw new IllegalArgumentException("The vector is zero and so has no direction");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    static void search(int limit, float minScore) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("The limit must be 1 to " + MAX_LIMIT + ", but is " + limit);
        }
        if (Float.isNaN(minScore)) {
            throw new IllegalArgumentException("The least score is not a number");
        }
    }

    static void id(String what, String id) {
        text(what, id);
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("The " + what + " must have 1 to " + MAX_ID_LENGTH + " characters");
        }
    }

    static void text(String what, String text) {
        if (text == null) {
            throw new IllegalArgumentException("The " + what + " is missing");
        }
        UnicodeText.fault(text).ifPresent(fault -> {
            throw new IllegalArgumentException("The " + what + " " + fault);
        });
    }

    private static Map<String, Object> metadata(Map<String, Object> metadata) {
        try {
            return Metadata.canonical(metadata);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The metadata " + e.getMessage(), e);
        }
    }
}
