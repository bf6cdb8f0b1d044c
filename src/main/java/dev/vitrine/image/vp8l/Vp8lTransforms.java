package dev.vitrine.image.vp8l;

/** The inverse transforms (RFC 9649, section 3.5), each on a whole image of ARGB colours, row by row. */
final class Vp8lTransforms {
    private static final int BLACK = 0xff000000;

    private Vp8lTransforms() {}

    /** How many blocks of {@code 1 << bits} pixels cover a side. */
    static int blocks(int side, int bits) {
        return side + (1 << bits) - 1 >> bits;
    }

    /**
     * Adds to each colour what its neighbours foretell.
     *
     * @param modes a colour a block, whose green says how
     */
    static void predict(int[] argb, int width, int height, int[] modes, int bits, Runnable check) {
        argb[0] = add(argb[0], BLACK);
        for (int x = 1; x < width; x++) {
            argb[x] = add(argb[x], argb[x - 1]);
        }
        int blocksAcross = blocks(width, bits);
        for (int y = 1; y < height; y++) {
            check.run();
            int at = y * width;
            argb[at] = add(argb[at], argb[at - width]);
            int row = (y >> bits) * blocksAcross;
            for (int x = 1; x < width; ) {
                int mode = modes[row + (x >> bits)] >> 8 & 0xf;
                int end = Math.min(width, (x >> bits) + 1 << bits);
                predict(argb, at + x, at + end, width, mode);
                x = end;
            }
        }
    }

    private static void predict(int[] argb, int from, int to, int width, int mode) {
        for (int at = from; at < to; at++) {
            int left = argb[at - 1];
            int top = argb[at - width];
            int topLeft = argb[at - width - 1];
            // Right of the last column stands the first of the next row, as the RFC wants it.
            int topRight = argb[at - width + 1];
            int foretold =
                    switch (mode) {
                        case 1 -> left;
                        case 2 -> top;
                        case 3 -> topRight;
                        case 4 -> topLeft;
                        case 5 -> average(average(left, topRight), top);
                        case 6 -> average(left, topLeft);
                        case 7 -> average(left, top);
                        case 8 -> average(topLeft, top);
                        case 9 -> average(top, topRight);
                        case 10 -> average(average(left, topLeft), average(top, topRight));
                        case 11 -> select(left, top, topLeft);
                        case 12 -> clampedSum(left, top, topLeft);
                        case 13 -> clampedHalf(average(left, top), topLeft);
                        default -> BLACK;
                    };
            argb[at] = add(argb[at], foretold);
        }
    }

    /** Adds two colours channel by channel, modulo 256. */
    private static int add(int a, int b) {
        int alphaAndGreen = (a & 0xff00ff00) + (b & 0xff00ff00);
        int redAndBlue = (a & 0x00ff00ff) + (b & 0x00ff00ff);
        return alphaAndGreen & 0xff00ff00 | redAndBlue & 0x00ff00ff;
    }

    /** The mean of two colours channel by channel, rounded down. */
    private static int average(int a, int b) {
        return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    }

    private static int select(int left, int top, int topLeft) {
        int towardsLeft = 0;
        int towardsTop = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int corner = topLeft >> shift & 0xff;
            towardsLeft += Math.abs((top >> shift & 0xff) - corner);
            towardsTop += Math.abs((left >> shift & 0xff) - corner);
        }
        return towardsLeft < towardsTop ? left : top;
    }

    private static int clampedSum(int left, int top, int topLeft) {
        int sum = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            sum |= clamp((left >> shift & 0xff) + (top >> shift & 0xff) - (topLeft >> shift & 0xff)) << shift;
        }
        return sum;
    }

    private static int clampedHalf(int average, int topLeft) {
        int sum = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int mean = average >> shift & 0xff;
            sum |= clamp(mean + (mean - (topLeft >> shift & 0xff)) / 2) << shift;
        }
        return sum;
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }

    /**
     * Adds to red and blue what green, and to blue also what red foretells.
     *
     * @param factors a colour a block: from green to red in its blue, from green to blue in its green, from red to blue in
     *     its red, each signed and in 32nds
     */
    static void correlate(int[] argb, int width, int height, int[] factors, int bits, Runnable check) {
        int blocksAcross = blocks(width, bits);
        for (int y = 0; y < height; y++) {
            check.run();
            int row = (y >> bits) * blocksAcross;
            for (int x = 0; x < width; x++) {
                int factor = factors[row + (x >> bits)];
                int at = y * width + x;
                int colour = argb[at];
                int green = (byte) (colour >> 8);
                int red = (colour >> 16) + ((byte) factor * green >> 5) & 0xff;
                int blue =
                        colour + ((byte) (factor >> 8) * green >> 5) + ((byte) (factor >> 16) * (byte) red >> 5) & 0xff;
                argb[at] = colour & 0xff00ff00 | red << 16 | blue;
            }
        }
    }

    /** Adds green to red and blue. */
    static void addGreen(int[] argb) {
        for (int at = 0; at < argb.length; at++) {
            int colour = argb[at];
            int green = colour >> 8 & 0xff;
            argb[at] = colour & 0xff00ff00 | (colour & 0x00ff00ff) + (green << 16 | green) & 0x00ff00ff;
        }
    }

    /**
     * Looks colours up by the numbers that stand in green, several of them where there are few colours.
     *
     * @param bits by how many bits a row is shorter than the picture's, 0 to 3
     * @return the colours; in place of the numbers where each has a pixel of its own
     */
    static int[] lookUp(int[] packed, int width, int height, int[] colours, int bits, Runnable check) {
        int[] argb = bits == 0 ? packed : new int[width * height];
        int packedWidth = blocks(width, bits);
        int each = 8 >> bits;
        int mask = (1 << each) - 1;
        int perPixel = (1 << bits) - 1;
        for (int y = 0; y < height; y++) {
            check.run();
            for (int x = 0; x < width; x++) {
                int index = packed[y * packedWidth + (x >> bits)] >> 8 + each * (x & perPixel) & mask;
                argb[y * width + x] = index < colours.length ? colours[index] : 0;
            }
        }
        return argb;
    }
}
