package dev.vitrine.clip;

/** L2 normalisation, so that the dot product of two vectors is their cosine similarity. */
public final class UnitLength {

    private UnitLength() {}

    /**
     * Scales a vector to length 1, in place.
     *
     * @return false, leaving the vector as it is, where it has no direction: a NaN or infinite part, or all zeros
     */
    public static boolean scale(float[] vector) {
        double squares = 0;
        for (float v : vector) {
            squares += (double) v * v;
        }
        double length = Math.sqrt(squares);
        if (!Double.isFinite(length) || length < 1e-12) {
            return false;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return true;
    }
}
