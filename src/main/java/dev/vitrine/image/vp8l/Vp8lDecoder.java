package dev.vitrine.image.vp8l;

import java.io.IOException;
import javax.imageio.IIOException;

/**
 * Decodes a VP8L bitstream (RFC 9649, section 3), of a lossless WebP picture or of the alpha of a lossy one. Takes 4 bytes
 * a pixel, half more where the picture has a palette, and at most {@link #mostTableInts} ints for its prefix codes; work
 * grows with pixels and bytes alone. Not for use by two threads.
 */
public final class Vp8lDecoder {
    private static final int SIGNATURE = 0x2f;
    private static final int MAX_CACHE_BITS = 11;
    private static final int HASH = 0x1e35a7bd;
    private static final int NEAR_DISTANCES = 120;

    /**
     * The near neighbours in the order of their distance codes (RFC 9649, section 3.6.2.2): rows above in the upper half of
     * a byte, 8 minus columns to the left in the lower.
     */
    private static final int[] NEIGHBOURS = neighbours();

    private final Vp8lBits bits;
    private final int width;
    private final int height;
    private final Runnable check;
    private long tableInts;

    /** The transforms in the order in which they were read, to be undone from the last. */
    private final Transform[] transforms = new Transform[4];

    private int transformCount;

    private enum Kind {
        PREDICTOR,
        COLOUR,
        GREEN,
        PALETTE
    }

    private record Transform(Kind kind, int width, int bits, int[] data) {}

    private Vp8lDecoder(Vp8lBits bits, int width, int height, Runnable check) {
        this.bits = bits;
        this.width = width;
        this.height = height;
        this.check = check;
    }

    /**
     * Decodes a picture.
     *
     * @param start where the stream's signature stands
     * @param end behind the stream
     * @param check called once a row; may throw to end the decoding
     * @return a colour a pixel, row-major, alpha in the highest byte, then red, green and blue; alpha is not premultiplied
     * @throws java.io.EOFException when the data ends before the picture
     * @throws IOException when the data is broken
     */
    public static int[] decode(byte[] bytes, int start, int end, Runnable check) throws IOException {
        Vp8lBits bits = new Vp8lBits(bytes, start, end);
        if (bits.read(8) != SIGNATURE) {
            throw new IIOException("Not a VP8L stream");
        }
        int width = 1 + bits.read(14);
        int height = 1 + bits.read(14);
        boolean alpha = bits.flag();
        if (bits.read(3) != 0) {
            throw new IIOException("A VP8L stream of an unknown version");
        }
        int[] argb = new Vp8lDecoder(bits, width, height, check).decode();
        if (!alpha) {
            for (int at = 0; at < argb.length; at++) {
                argb[at] |= 0xff000000;
            }
        }
        return argb;
    }

    /**
     * Decodes the alpha of a lossy picture, which has no header.
     *
     * @return a byte a pixel, row-major
     */
    public static byte[] decodeAlpha(byte[] bytes, int start, int end, int width, int height, Runnable check)
            throws IOException {
        int[] argb = new Vp8lDecoder(new Vp8lBits(bytes, start, end), width, height, check).decode();
        byte[] alpha = new byte[argb.length];
        for (int at = 0; at < alpha.length; at++) {
            alpha[at] = (byte) (argb[at] >> 8);
        }
        return alpha;
    }

    /** How many ints the prefix codes of a picture may take: far more than encoders use, 4 MB and 4 bytes a pixel. */
    static long mostTableInts(int width, int height) {
        return (1L << 20) + (long) width * height;
    }

    private int[] decode() throws IOException {
        int codedWidth = readTransforms();
        int[] argb = readImage(codedWidth, height, true);
        while (transformCount > 0) {
            Transform transform = transforms[--transformCount];
            switch (transform.kind()) {
                case PREDICTOR ->
                    Vp8lTransforms.predict(argb, transform.width(), height, transform.data(), transform.bits(), check);
                case COLOUR ->
                    Vp8lTransforms.correlate(
                            argb, transform.width(), height, transform.data(), transform.bits(), check);
                case GREEN -> Vp8lTransforms.addGreen(argb);
                case PALETTE ->
                    argb = Vp8lTransforms.lookUp(
                            argb, transform.width(), height, transform.data(), transform.bits(), check);
            }
        }
        return argb;
    }

    /** Reads the transforms; returns the width of the image that they were applied to. */
    private int readTransforms() throws IOException {
        int codedWidth = width;
        int seen = 0;
        while (bits.flag()) {
            Kind kind = Kind.values()[bits.read(2)];
            if ((seen & 1 << kind.ordinal()) != 0) {
                throw new IIOException("A VP8L stream has the same transform twice");
            }
            seen |= 1 << kind.ordinal();
            int blockBits = 0;
            int[] data = null;
            if (kind == Kind.PREDICTOR || kind == Kind.COLOUR) {
                blockBits = 2 + bits.read(3);
                data = readImage(
                        Vp8lTransforms.blocks(codedWidth, blockBits), Vp8lTransforms.blocks(height, blockBits), false);
            } else if (kind == Kind.PALETTE) {
                data = readPalette();
                blockBits = data.length <= 2 ? 3 : data.length <= 4 ? 2 : data.length <= 16 ? 1 : 0;
            }
            transforms[transformCount++] = new Transform(kind, codedWidth, blockBits, data);
            if (kind == Kind.PALETTE) {
                codedWidth = Vp8lTransforms.blocks(codedWidth, blockBits);
            }
        }
        return codedWidth;
    }

    /** A palette is an image of one row, each colour the difference to the one before. */
    private int[] readPalette() throws IOException {
        int[] colours = readImage(1 + bits.read(8), 1, false);
        for (int i = 1; i < colours.length; i++) {
            int alphaAndGreen = (colours[i] & 0xff00ff00) + (colours[i - 1] & 0xff00ff00);
            int redAndBlue = (colours[i] & 0x00ff00ff) + (colours[i - 1] & 0x00ff00ff);
            colours[i] = alphaAndGreen & 0xff00ff00 | redAndBlue & 0x00ff00ff;
        }
        return colours;
    }

    /** Reads an entropy-coded image (RFC 9649, section 3.6); only the picture itself may have several groups of codes. */
    private int[] readImage(int imageWidth, int imageHeight, boolean isPicture) throws IOException {
        int cacheBits = 0;
        if (bits.flag()) {
            cacheBits = bits.read(4);
            if (cacheBits < 1 || cacheBits > MAX_CACHE_BITS) {
                throw new IIOException("A VP8L colour cache of an impossible size");
            }
        }
        int groupBits = 0;
        int[] groupOf = null;
        if (isPicture && bits.flag()) {
            groupBits = 2 + bits.read(3);
            groupOf = readImage(
                    Vp8lTransforms.blocks(imageWidth, groupBits), Vp8lTransforms.blocks(imageHeight, groupBits), false);
        }
        PrefixCode[][] groups = readGroups(groupOf, cacheBits);
        return readPixels(imageWidth, imageHeight, groups, groupOf, groupBits, cacheBits);
    }

    /** Reads all groups, and keeps those that a pixel uses: there may be far more of them than pixels. */
    private PrefixCode[][] readGroups(int[] groupOf, int cacheBits) throws IOException {
        PrefixCodes codes = new PrefixCodes(bits, cacheBits == 0 ? 0 : 1 << cacheBits);
        if (groupOf == null) {
            return new PrefixCode[][] {kept(codes.readGroup())};
        }
        int most = 0;
        for (int at = 0; at < groupOf.length; at++) {
            groupOf[at] = groupOf[at] >> 8 & 0xffff;
            most = Math.max(most, groupOf[at]);
        }
        boolean[] used = new boolean[most + 1];
        for (int group : groupOf) {
            used[group] = true;
        }
        PrefixCode[][] groups = new PrefixCode[most + 1][];
        for (int group = 0; group <= most; group++) {
            if ((group & 0xff) == 0) {
                check.run();
            }
            if (used[group]) {
                groups[group] = kept(codes.readGroup());
            } else {
                codes.skipGroup();
            }
        }
        return groups;
    }

    private PrefixCode[] kept(PrefixCode[] group) throws IIOException {
        for (PrefixCode code : group) {
            tableInts += code.size();
        }
        if (tableInts > mostTableInts(width, height)) {
            throw new IIOException("A VP8L stream has more prefix codes than its pixels can need");
        }
        return group;
    }

    private int[] readPixels(
            int imageWidth, int imageHeight, PrefixCode[][] groups, int[] groupOf, int groupBits, int cacheBits)
            throws IOException {
        int[] argb = new int[Math.multiplyExact(imageWidth, imageHeight)];
        int[] cache = cacheBits == 0 ? null : new int[1 << cacheBits];
        int blocksAcross = Vp8lTransforms.blocks(imageWidth, groupBits);
        int blockMask = groupOf == null ? -1 : (1 << groupBits) - 1;
        PrefixCode[] group = groups[0];
        int x = 0;
        int y = 0;
        for (int at = 0; at < argb.length; ) {
            if (groupOf != null && (x & blockMask) == 0) {
                group = groups[groupOf[(y >> groupBits) * blocksAcross + (x >> groupBits)]];
            }
            int code = group[PrefixCodes.GREEN].read(bits);
            int count = 1;
            if (code < PrefixCodes.LITERALS) {
                int red = group[PrefixCodes.RED].read(bits);
                int blue = group[PrefixCodes.BLUE].read(bits);
                int alpha = group[PrefixCodes.ALPHA].read(bits);
                argb[at] = alpha << 24 | red << 16 | code << 8 | blue;
            } else if (code < PrefixCodes.LITERALS + PrefixCodes.LENGTHS) {
                count = number(code - PrefixCodes.LITERALS);
                int distance = distance(number(group[PrefixCodes.DISTANCE].read(bits)), imageWidth);
                bits.requireWithin();
                if (distance > at || count > argb.length - at) {
                    throw new IIOException("A VP8L stream repeats colours that are not in its picture");
                }
                for (int to = at; to < at + count; to++) {
                    argb[to] = argb[to - distance];
                }
            } else {
                argb[at] = cache[code - PrefixCodes.LITERALS - PrefixCodes.LENGTHS];
            }
            if (cache != null) {
                for (int added = at; added < at + count; added++) {
                    cache[HASH * argb[added] >>> 32 - cacheBits] = argb[added];
                }
            }
            at += count;
            x += count;
            if (x >= imageWidth) {
                bits.requireWithin();
                check.run();
                y += x / imageWidth;
                x %= imageWidth;
                if (groupOf != null && (x & blockMask) != 0 && at < argb.length) {
                    group = groups[groupOf[(y >> groupBits) * blocksAcross + (x >> groupBits)]];
                }
            } else if (count > 1 && groupOf != null && (x & blockMask) != 0) {
                group = groups[groupOf[(y >> groupBits) * blocksAcross + (x >> groupBits)]];
            }
        }
        bits.requireWithin();
        return argb;
    }

    /** A length or a distance code: its symbol and the bits that follow (RFC 9649, section 3.6.2.2). */
    private int number(int symbol) throws IOException {
        if (symbol < 4) {
            return symbol + 1;
        }
        int extra = symbol - 2 >> 1;
        return (2 + (symbol & 1) << extra) + bits.read(extra) + 1;
    }

    private static int distance(int code, int width) {
        if (code > NEAR_DISTANCES) {
            return code - NEAR_DISTANCES;
        }
        int neighbour = NEIGHBOURS[code - 1];
        return Math.max(1, (neighbour >> 4) * width + 8 - (neighbour & 0xf));
    }

    /**
     * All neighbours up to 7 rows above and 8 columns aside that come before a pixel, by their Euclidean distance; among
     * equals the one that is more above first, and right of the column before left of it.
     */
    private static int[] neighbours() {
        int[] order = {
            0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a, 0x38, 0x05, 0x37, 0x39, 0x15, 0x1b,
            0x36, 0x3a, 0x25, 0x2b, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a, 0x24, 0x2c, 0x58, 0x45,
            0x4b, 0x34, 0x3c, 0x03, 0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d, 0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d,
            0x68, 0x02, 0x67, 0x69, 0x12, 0x1e, 0x66, 0x6a, 0x22, 0x2e, 0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e,
            0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f, 0x64, 0x6c, 0x42, 0x4e, 0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b,
            0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e, 0x00, 0x74, 0x7c, 0x41, 0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d,
            0x51, 0x5f, 0x40, 0x72, 0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70
        };
        if (order.length != NEAR_DISTANCES) {
            throw new IllegalStateException("There must be " + NEAR_DISTANCES + " near neighbours");
        }
        return order;
    }
}
