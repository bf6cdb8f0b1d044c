package dev.vitrine.image.vp8;

/** Smooths the edges between and within the macroblocks of a VP8 frame (RFC 6386, section 15). */
final class Vp8LoopFilter {

    private final Vp8Plane luma;
    private final Vp8Plane blueness;
    private final Vp8Plane redness;
    private final int columns;
    private final byte[] levels;
    private final boolean[] inner;

    boolean simple;
    int sharpness;

    Vp8LoopFilter(Vp8Plane luma, Vp8Plane blueness, Vp8Plane redness, int columns, int rows) {
        this.luma = luma;
        this.blueness = blueness;
        this.redness = redness;
        this.columns = columns;
        this.levels = new byte[columns * rows];
        this.inner = new boolean[columns * rows];
    }

    /**
     * Says how a macroblock is filtered.
     *
     * @param level its strength, brought into 0 to 63; 0 for not at all
     * @param alsoInner whether the edges within it are filtered too
     */
    void set(int column, int row, int level, boolean alsoInner) {
        levels[row * columns + column] = (byte) Math.max(0, Math.min(63, level));
        inner[row * columns + column] = alsoInner;
    }

    /** Filters all macroblocks in raster order. */
    void run() {
        for (int block = 0; block < levels.length; block++) {
            int level = levels[block];
            if (level > 0) {
                filter(block % columns, block / columns, level, inner[block]);
            }
        }
    }

    private void filter(int column, int row, int level, boolean alsoInner) {
        int interior = level;
        if (sharpness > 0) {
            interior = Math.min(9 - sharpness, level >> (sharpness > 4 ? 2 : 1));
        }
        interior = Math.max(1, interior);
        int edge = 2 * level + interior;
        int variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        int x = 16 * column;
        int y = 16 * row;
        if (column > 0) {
            outerEdges(x, y, true, edge + 4, interior, variance);
        }
        if (alsoInner) {
            innerEdges(x, y, true, edge, interior, variance);
        }
        if (row > 0) {
            outerEdges(x, y, false, edge + 4, interior, variance);
        }
        if (alsoInner) {
            innerEdges(x, y, false, edge, interior, variance);
        }
    }

    private void outerEdges(int x, int y, boolean upright, int edge, int interior, int variance) {
        line(luma, luma.at(x, y), 16, upright, edge, interior, variance, true);
        if (!simple) {
            line(blueness, blueness.at(x / 2, y / 2), 8, upright, edge, interior, variance, true);
            line(redness, redness.at(x / 2, y / 2), 8, upright, edge, interior, variance, true);
        }
    }

    private void innerEdges(int x, int y, boolean upright, int edge, int interior, int variance) {
        for (int i = 4; i < 16; i += 4) {
            line(luma, upright ? luma.at(x + i, y) : luma.at(x, y + i), 16, upright, edge, interior, variance, false);
        }
        if (!simple) {
            int at = upright ? blueness.at(x / 2 + 4, y / 2) : blueness.at(x / 2, y / 2 + 4);
            line(blueness, at, 8, upright, edge, interior, variance, false);
            line(redness, at, 8, upright, edge, interior, variance, false);
        }
    }

    /** Filters across one straight edge; {@code upright} edges have samples to their left and right. */
    private void line(
            Vp8Plane plane,
            int start,
            int length,
            boolean upright,
            int edge,
            int interior,
            int variance,
            boolean outer) {
        int across = upright ? 1 : plane.stride;
        int along = upright ? plane.stride : 1;
        int limit = 2 * edge + 1;
        for (int i = 0, at = start; i < length; i++, at += along) {
            int p1 = plane.get(at - 2 * across);
            int p0 = plane.get(at - across);
            int q0 = plane.get(at);
            int q1 = plane.get(at + across);
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > limit) {
                continue;
            }
            if (simple) {
                nudge(plane, at, across, p1, p0, q0, q1);
                continue;
            }
            int p2 = plane.get(at - 3 * across);
            int q2 = plane.get(at + 2 * across);
            if (Math.abs(plane.get(at - 4 * across) - p2) > interior
                    || Math.abs(p2 - p1) > interior
                    || Math.abs(p1 - p0) > interior
                    || Math.abs(plane.get(at + 3 * across) - q2) > interior
                    || Math.abs(q2 - q1) > interior
                    || Math.abs(q1 - q0) > interior) {
                continue;
            }
            if (Math.abs(p1 - p0) > variance || Math.abs(q1 - q0) > variance) {
                nudge(plane, at, across, p1, p0, q0, q1);
            } else if (outer) {
                int a = toSigned(3 * (q0 - p0) + toSigned(p1 - q1));
                int near = 27 * a + 63 >> 7;
                int middle = 18 * a + 63 >> 7;
                int far = 9 * a + 63 >> 7;
                plane.set(at - 3 * across, p2 + far);
                plane.set(at - 2 * across, p1 + middle);
                plane.set(at - across, p0 + near);
                plane.set(at, q0 - near);
                plane.set(at + across, q1 - middle);
                plane.set(at + 2 * across, q2 - far);
            } else {
                int a = 3 * (q0 - p0);
                int toQ = toFive(a + 4 >> 3);
                int toP = toFive(a + 3 >> 3);
                int far = toQ + 1 >> 1;
                plane.set(at - 2 * across, p1 + far);
                plane.set(at - across, p0 + toP);
                plane.set(at, q0 - toQ);
                plane.set(at + across, q1 - far);
            }
        }
    }

    private static void nudge(Vp8Plane plane, int at, int across, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0) + toSigned(p1 - q1);
        plane.set(at - across, p0 + toFive(a + 3 >> 3));
        plane.set(at, q0 - toFive(a + 4 >> 3));
    }

    private static int toSigned(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static int toFive(int value) {
        return Math.max(-16, Math.min(15, value));
    }
}
