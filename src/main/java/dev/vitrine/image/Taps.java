package dev.vitrine.image;

/**
 * One axis of a resize: which source samples make up each output sample, and with what weight. The rule is that of
 * Pillow's resampling: the filter is stretched by the scale when shrinking (antialias), its window is clipped at the
 * edges, the weights are made to add up to one and then rounded, half away from zero, to fixed point with {@value
 * #BITS} fractional bits.
 */
final class Taps {

    static final int BITS = 22;

    /** Half of one, so that a shift right by {@link #BITS} rounds. */
    static final int HALF = 1 << (BITS - 1);

    private final int[] starts;
    private final int[] counts;
    private final int[] weights;
    private final int width;

    private Taps(int outputs, int width) {
        this.starts = new int[outputs];
        this.counts = new int[outputs];
        this.weights = new int[outputs * width];
        this.width = width;
    }

    /**
     * The taps of the outputs {@code first} to {@code first + count - 1} out of all {@code outSize}.
     *
     * @param outSize length of the whole resized axis; may be beyond an int for extreme pictures
     */
    static Taps of(Preprocessing.Filter filter, int inSize, long outSize, long first, int count) {
        return switch (filter) {
            case NEAREST -> nearest(inSize, outSize, first, count);
            case BILINEAR -> antialiased(1, Taps::triangle, inSize, outSize, first, count);
            case BICUBIC -> antialiased(2, Taps::cubic, inSize, outSize, first, count);
        };
    }

    /** Taps that leave the axis as it is, for outputs from {@code first} on. */
    static Taps identity(long first, int count) {
        Taps taps = new Taps(count, 1);
        for (int i = 0; i < count; i++) {
            taps.set(i, Math.toIntExact(first + i));
        }
        return taps;
    }

    private void set(int output, int source) {
        starts[output] = source;
        counts[output] = 1;
        weights[output * width] = 1 << BITS;
    }

    private static Taps nearest(int inSize, long outSize, long first, int count) {
        Taps taps = new Taps(count, 1);
        double scale = (double) inSize / outSize;
        // Pillow adds the scale up step by step; only the same sum of roundings lands on the same pixels.
        double place = scale * 0.5;
        for (long i = 0; i < first + count; i++, place += scale) {
            if (i >= first) {
                taps.set((int) (i - first), Math.min(inSize - 1, (int) place));
            }
        }
        return taps;
    }

    private interface Kernel {
        double at(double x);
    }

    private static Taps antialiased(int radius, Kernel kernel, int inSize, long outSize, long first, int count) {
        double scale = (double) inSize / outSize;
        double stretch = Math.max(scale, 1);
        double support = radius * stretch;
        Taps taps = new Taps(count, Math.min(inSize, (int) Math.ceil(support) * 2 + 1));
        double[] exact = new double[taps.width];
        for (int i = 0; i < count; i++) {
            double centre = (first + i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int length = Math.min(inSize, (int) (centre + support + 0.5)) - start;
            double sum = 0;
            for (int j = 0; j < length; j++) {
                exact[j] = kernel.at((j + start - centre + 0.5) * (1 / stretch));
                sum += exact[j];
            }
            taps.starts[i] = start;
            taps.counts[i] = length;
            for (int j = 0; j < length; j++) {
                double weight = (sum == 0 ? exact[j] : exact[j] / sum) * (1 << BITS);
                taps.weights[i * taps.width + j] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }
        return taps;
    }

    private static double triangle(double x) {
        return Math.max(0, 1 - Math.abs(x));
    }

    /** Keys' cubic convolution with a = −0.5. */
    private static double cubic(double x) {
        double a = -0.5;
        double t = Math.abs(x);
        if (t < 1) {
            return ((a + 2) * t - (a + 3)) * t * t + 1;
        }
        return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
    }

    int outputs() {
        return starts.length;
    }

    /** The first source sample of an output. */
    int start(int output) {
        return starts[output];
    }

    /** Behind the last source sample of an output. */
    int end(int output) {
        return starts[output] + counts[output];
    }

    /** Where an output's weights start in {@link #weights()}. */
    int weightsAt(int output) {
        return output * width;
    }

    /** All weights; not to be changed. */
    int[] weights() {
        return weights;
    }

    /** The first source sample that any output needs. */
    int first() {
        return starts[0];
    }

    /** Behind the last source sample that any output needs. */
    int last() {
        return end(starts.length - 1);
    }

    /** The rounded and clipped byte of a sum of weighted samples that began with {@link #HALF}. */
    static byte clip(int sum) {
        int value = sum >> BITS;
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }
}
