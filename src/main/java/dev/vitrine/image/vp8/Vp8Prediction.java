package dev.vitrine.image.vp8;

/** Intra prediction of VP8 (RFC 6386, section 12): fills a block from the samples above and to the left. */
final class Vp8Prediction {

    static final int DC = 0;
    static final int VERTICAL = 1;
    static final int HORIZONTAL = 2;
    static final int TRUE_MOTION = 3;

    static final int SUB_DC = 0;
    static final int SUB_TRUE_MOTION = 1;
    static final int SUB_VERTICAL = 2;
    static final int SUB_HORIZONTAL = 3;
    static final int SUB_LEFT_DOWN = 4;
    static final int SUB_RIGHT_DOWN = 5;
    static final int SUB_VERTICAL_RIGHT = 6;
    static final int SUB_VERTICAL_LEFT = 7;
    static final int SUB_HORIZONTAL_DOWN = 8;
    static final int SUB_HORIZONTAL_UP = 9;

    /** The samples around a subblock: left from bottom to top (0 to 3), the corner (4), above to the right (5 to 12). */
    private final int[] edge = new int[13];

    /** Predicts a whole macroblock's plane of {@code side} x {@code side} samples. */
    void predict(Vp8Plane plane, int x, int y, int side, int mode) {
        int at = plane.at(x, y);
        switch (mode) {
            case DC -> fill(plane, at, side, average(plane, at, side, x > 0, y > 0));
            case VERTICAL -> {
                for (int row = 0; row < side; row++) {
                    System.arraycopy(plane.samples, at - plane.stride, plane.samples, at + row * plane.stride, side);
                }
            }
            case HORIZONTAL -> {
                for (int row = 0; row < side; row++) {
                    int from = at + row * plane.stride;
                    java.util.Arrays.fill(plane.samples, from, from + side, plane.samples[from - 1]);
                }
            }
            default -> trueMotion(plane, at, side);
        }
    }

    private static int average(Vp8Plane plane, int at, int side, boolean hasLeft, boolean hasAbove) {
        if (!hasLeft && !hasAbove) {
            return 128;
        }
        int sum = 0;
        int count = 0;
        for (int i = 0; i < side; i++) {
            sum += hasAbove ? plane.get(at - plane.stride + i) : 0;
            sum += hasLeft ? plane.get(at + i * plane.stride - 1) : 0;
        }
        count += hasAbove ? side : 0;
        count += hasLeft ? side : 0;
        return (sum + count / 2) / count;
    }

    private static void fill(Vp8Plane plane, int at, int side, int value) {
        for (int row = 0; row < side; row++) {
            int from = at + row * plane.stride;
            java.util.Arrays.fill(plane.samples, from, from + side, (byte) value);
        }
    }

    private static void trueMotion(Vp8Plane plane, int at, int side) {
        int corner = plane.get(at - plane.stride - 1);
        for (int row = 0; row < side; row++) {
            int from = at + row * plane.stride;
            int slope = plane.get(from - 1) - corner;
            for (int column = 0; column < side; column++) {
                plane.set(from + column, slope + plane.get(at - plane.stride + column));
            }
        }
    }

    /**
     * Predicts a subblock of 4 x 4 samples.
     *
     * @param rightAbove where the four samples stand that lie above and to the right
     * @param repeatsRight whether the first of those stands for all four
     */
    void predictSub(Vp8Plane plane, int at, int mode, int rightAbove, boolean repeatsRight) {
        for (int i = 0; i < 4; i++) {
            edge[i] = plane.get(at + (3 - i) * plane.stride - 1);
            edge[5 + i] = plane.get(at - plane.stride + i);
            edge[9 + i] = plane.get(repeatsRight ? rightAbove : rightAbove + i);
        }
        edge[4] = plane.get(at - plane.stride - 1);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                plane.samples[at + y * plane.stride + x] = (byte) sample(mode, x, y);
            }
        }
    }

    private int sample(int mode, int x, int y) {
        return switch (mode) {
            case SUB_DC -> {
                int sum = 4;
                for (int i = 0; i < 4; i++) {
                    sum += edge[i] + edge[5 + i];
                }
                yield sum >> 3;
            }
            case SUB_TRUE_MOTION -> Math.max(0, Math.min(255, edge[3 - y] + edge[5 + x] - edge[4]));
            case SUB_VERTICAL -> three(5 + x);
            case SUB_HORIZONTAL -> y == 3 ? edge[1] + 3 * edge[0] + 2 >> 2 : three(3 - y);
            case SUB_LEFT_DOWN -> x + y == 6 ? edge[11] + 3 * edge[12] + 2 >> 2 : three(6 + x + y);
            case SUB_RIGHT_DOWN -> three(4 + x - y);
            case SUB_VERTICAL_RIGHT -> verticalRight(x, y);
            case SUB_VERTICAL_LEFT -> verticalLeft(x, y);
            case SUB_HORIZONTAL_DOWN -> horizontalDown(x, y);
            default -> horizontalUp(x, y);
        };
    }

    /** The weighted mean of an edge sample and its two neighbours. */
    private int three(int middle) {
        return edge[middle - 1] + 2 * edge[middle] + edge[middle + 1] + 2 >> 2;
    }

    /** The mean of an edge sample and the next. */
    private int two(int first) {
        return edge[first] + edge[first + 1] + 1 >> 1;
    }

    private int verticalRight(int x, int y) {
        int along = 2 * x - y;
        if (along < -1) {
            return three(5 - y);
        }
        return (y & 1) == 0 ? two(4 + x - y / 2) : three(4 + x - y / 2);
    }

    private int verticalLeft(int x, int y) {
        if (x == 3 && y >= 2) {
            return three(y == 2 ? 10 : 11);
        }
        return (y & 1) == 0 ? two(5 + x + y / 2) : three(6 + x + y / 2);
    }

    private int horizontalDown(int x, int y) {
        int along = 2 * y - x;
        if (along < -1) {
            return three(3 + x);
        }
        return (x & 1) == 0 ? two(3 - y + x / 2) : three(4 - y + x / 2);
    }

    private int horizontalUp(int x, int y) {
        int along = x + 2 * y;
        if (along > 5) {
            return edge[0];
        }
        if (along == 5) {
            return edge[1] + 3 * edge[0] + 2 >> 2;
        }
        return (along & 1) == 0 ? two(2 - along / 2) : three(2 - along / 2);
    }
}
