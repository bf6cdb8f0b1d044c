package dev.vitrine.api;

import java.util.Optional;

/**
 * One direction out of several: {@code q = normalise(Σ wᵢ·vᵢ)} over vectors of length 1 with weights, of which negative
 * ones turn the sum away. With weights of 1 it is the mean direction of directional statistics (Mardia and Jupp,
 * <i>Directional Statistics</i>, 2000); with others it is Rocchio's relevance feedback (<i>Relevance feedback in
 * information retrieval</i>, 1971) with a weight of its own for each vector.
 */
final class WeightedSum {

    /**
     * Shorter than this, as a part of the sum of the weights' sizes, it says more of how vectors were rounded than of what
     * they have in common.
     */
    private static final double LEAST_LENGTH = 1e-4;

    private final double[] sum;
    private double weights;

    WeightedSum(int dimensions) {
        sum = new double[dimensions];
    }

    /** @param unit of length 1 */
    WeightedSum add(float[] unit, double weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * unit[i];
        }
        weights += Math.abs(weight);
        return this;
    }

    /** The sum's direction, of length 1; empty where the vectors cancel each other out. */
    Optional<float[]> direction() {
        double squares = 0;
        for (double x : sum) {
            squares += x * x;
        }
        double length = Math.sqrt(squares);
        if (!(length > LEAST_LENGTH * weights)) {
            return Optional.empty();
        }
        float[] unit = new float[sum.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (sum[i] / length);
        }
        return Optional.of(unit);
    }
}
