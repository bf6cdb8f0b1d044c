package dev.vitrine.image.vp8;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * Decodes a VP8 key frame (RFC 6386), the bitstream of lossy WebP, to the very pixels of libwebp and so of Pillow. The
 * frame is first rebuilt as a whole, for prediction looks at unfiltered samples, and then filtered.
 */
public final class Vp8Decoder {

    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
    private static final int[][] LARGE_VALUES = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };
    private static final int[] SUB_MODE_TREE = {
        -Vp8Prediction.SUB_DC,
        2,
        -Vp8Prediction.SUB_TRUE_MOTION,
        4,
        -Vp8Prediction.SUB_VERTICAL,
        6,
        8,
        12,
        -Vp8Prediction.SUB_HORIZONTAL,
        10,
        -Vp8Prediction.SUB_RIGHT_DOWN,
        -Vp8Prediction.SUB_VERTICAL_RIGHT,
        -Vp8Prediction.SUB_LEFT_DOWN,
        14,
        -Vp8Prediction.SUB_VERTICAL_LEFT,
        16,
        -Vp8Prediction.SUB_HORIZONTAL_DOWN,
        -Vp8Prediction.SUB_HORIZONTAL_UP
    };
    /** The subblock mode that a whole macroblock's mode counts as for its neighbours. */
    private static final int[] SUB_MODE_OF = {
        Vp8Prediction.SUB_DC, Vp8Prediction.SUB_VERTICAL, Vp8Prediction.SUB_HORIZONTAL, Vp8Prediction.SUB_TRUE_MOTION
    };

    /** Where coefficients of one macroblock's blocks start: 16 of luma, 4 of each chroma plane. */
    private static final int BLOCKS = 24;

    private static final int SEGMENTS = 4;

    private final byte[] bytes;
    private final Runnable check;
    private final int width;
    private final int height;
    private final int columns;
    private final int rows;
    private final Vp8Plane luma;
    private final Vp8Plane blueness;
    private final Vp8Plane redness;
    private final Vp8LoopFilter filter;
    private final Vp8Prediction prediction = new Vp8Prediction();

    private final byte[] probabilities = Vp8Tables.COEFFICIENTS.clone();
    private final int[] segmentQuantiser = new int[SEGMENTS];
    private final int[] segmentStrength = new int[SEGMENTS];
    private final int[] segmentTree = {255, 255, 255};
    /** For each segment the steps of luma DC, AC, of its second-order DC, AC and of chroma DC, AC. */
    private final int[][] steps = new int[SEGMENTS][6];

    private boolean segmented;
    private boolean segmentsMapped;
    private boolean absoluteSegments;
    private int strength;
    private boolean adjusted;
    private int referenceAdjustment;
    private int subModeAdjustment;
    private boolean skips;
    private int skipProbability;
    private Vp8Bits modes;
    private Vp8Bits[] partitions;

    /** What the blocks above had to code: per column 4 luma, 2 and 2 chroma, 1 second-order. */
    private final byte[] codedAbove;

    private final byte[] codedLeft = new byte[9];
    private final byte[] subModesAbove;
    private final byte[] subModesLeft = new byte[4];
    private final byte[] subModes = new byte[16];
    private final int[] coefficients = new int[16 * BLOCKS];
    private final int[] secondOrder = new int[16];
    private final int[] transformed = new int[16];

    /**
     * @param start where the frame's tag stands
     * @param end behind the frame
     * @param check called for each row of macroblocks; may throw to end the decoding
     */
    public Vp8Decoder(byte[] bytes, int start, int end, Runnable check) throws IOException {
        this.bytes = bytes;
        this.check = check;
        if (end - start < 10) {
            throw new EOFException("A VP8 frame needs at least 10 bytes");
        }
        int tag = u16(start) | u8(start + 2) << 16;
        width = u16(start + 6) & 0x3fff;
        height = u16(start + 8) & 0x3fff;
        if ((tag & 1) != 0 || width == 0 || height == 0) {
            throw new IIOException("Not a VP8 key frame");
        }
        columns = (width + 15) / 16;
        rows = (height + 15) / 16;
        luma = new Vp8Plane(16 * columns, 16 * rows);
        blueness = new Vp8Plane(8 * columns, 8 * rows);
        redness = new Vp8Plane(8 * columns, 8 * rows);
        codedAbove = new byte[9 * columns];
        subModesAbove = new byte[4 * columns];
        int firstEnd = start + 10 + (tag >> 5);
        modes = new Vp8Bits(bytes, start + 10, Math.min(firstEnd, end));
        filter = new Vp8LoopFilter(luma, blueness, redness, columns, rows);
        readHeader(firstEnd, end);
    }

    private int u8(int at) {
        return bytes[at] & 0xff;
    }

    private int u16(int at) {
        return u8(at) | u8(at + 1) << 8;
    }

    private void readHeader(int firstEnd, int end) throws IOException {
        modes.number(2); // colour space and clamping, which change nothing here
        readSegments();
        filter.simple = modes.flag();
        strength = modes.number(6);
        filter.sharpness = modes.number(3);
        readAdjustments();
        readPartitions(1 << modes.number(2), firstEnd, end);
        readQuantisers();
        modes.flag(); // whether probabilities outlive the frame
        for (int i = 0; i < probabilities.length; i++) {
            if (modes.bit(Vp8Tables.UPDATES[i] & 0xff) != 0) {
                probabilities[i] = (byte) modes.number(8);
            }
        }
        skips = modes.flag();
        skipProbability = skips ? modes.number(8) : 0;
    }

    private void readSegments() throws EOFException {
        segmented = modes.flag();
        if (!segmented) {
            return;
        }
        segmentsMapped = modes.flag();
        boolean updated = modes.flag();
        if (updated) {
            absoluteSegments = modes.flag();
            for (int i = 0; i < SEGMENTS; i++) {
                segmentQuantiser[i] = modes.optional(7);
            }
            for (int i = 0; i < SEGMENTS; i++) {
                segmentStrength[i] = modes.optional(6);
            }
        }
        for (int i = 0; segmentsMapped && i < segmentTree.length; i++) {
            segmentTree[i] = modes.flag() ? modes.number(8) : 255;
        }
    }

    private void readAdjustments() throws EOFException {
        adjusted = modes.flag();
        if (adjusted && modes.flag()) {
            int[] values = new int[8];
            for (int i = 0; i < values.length; i++) {
                values[i] = modes.optional(6);
            }
            referenceAdjustment = values[0];
            subModeAdjustment = values[4];
        }
    }

    private void readPartitions(int count, int firstEnd, int end) throws EOFException {
        int at = firstEnd + 3 * (count - 1);
        if (at > end) {
            throw new EOFException("The VP8 frame ends before its partitions");
        }
        partitions = new Vp8Bits[count];
        for (int i = 0; i < count; i++) {
            int sizeAt = firstEnd + 3 * i;
            int next = i == count - 1 ? end : at + (u16(sizeAt) | u8(sizeAt + 2) << 16);
            partitions[i] = new Vp8Bits(bytes, at, Math.min(next, end));
            at = Math.min(next, end);
        }
    }

    private void readQuantisers() throws EOFException {
        int base = modes.number(7);
        int lumaDc = modes.optional(4);
        int secondDc = modes.optional(4);
        int secondAc = modes.optional(4);
        int chromaDc = modes.optional(4);
        int chromaAc = modes.optional(4);
        for (int i = 0; i < SEGMENTS; i++) {
            int index = base;
            if (segmented) {
                index = segmentQuantiser[i] + (absoluteSegments ? 0 : base);
            }
            steps[i] = new int[] {
                Vp8Tables.dcStep(index + lumaDc, 127),
                Vp8Tables.acStep(index),
                2 * Vp8Tables.dcStep(index + secondDc, 127),
                Math.max(8, Vp8Tables.acStep(index + secondAc) * 155 / 100),
                Vp8Tables.dcStep(index + chromaDc, 117),
                Vp8Tables.acStep(index + chromaAc)
            };
        }
    }

    /** Decodes the frame and emits its rows. */
    public void decode(RowSink to) throws IOException {
        for (int row = 0; row < rows; row++) {
            check.run();
            Arrays.fill(codedLeft, (byte) 0);
            Arrays.fill(subModesLeft, (byte) Vp8Prediction.SUB_DC);
            Vp8Bits tokens = partitions[row % partitions.length];
            for (int column = 0; column < columns; column++) {
                decodeBlock(column, row, tokens);
            }
        }
        if (strength > 0) {
            filter.run();
        }
        new Vp8Colours(luma, blueness, redness, width, height).emit(to);
    }

    private void decodeBlock(int column, int row, Vp8Bits tokens) throws IOException {
        int segment = 0;
        if (segmentsMapped) {
            segment = modes.bit(segmentTree[0]) == 0 ? modes.bit(segmentTree[1]) : 2 + modes.bit(segmentTree[2]);
        }
        boolean skipped = skips && modes.bit(skipProbability) != 0;
        boolean bySubblock = modes.bit(145) == 0;
        int mode = Vp8Prediction.DC;
        if (bySubblock) {
            readSubModes(column);
        } else {
            mode = modes.bit(156) == 0 ? modes.bit(163) : 2 + modes.bit(128);
            Arrays.fill(subModesAbove, 4 * column, 4 * column + 4, (byte) SUB_MODE_OF[mode]);
            Arrays.fill(subModesLeft, (byte) SUB_MODE_OF[mode]);
        }
        int chromaMode = Vp8Prediction.DC;
        if (modes.bit(142) != 0) {
            chromaMode = modes.bit(114) == 0 ? 1 : 2 + modes.bit(183);
        }
        boolean coded = false;
        Arrays.fill(coefficients, 0);
        if (skipped) {
            forgetCoded(column, bySubblock);
        } else {
            coded = readCoefficients(column, tokens, steps[segment], bySubblock);
        }
        int level = strength;
        if (segmented) {
            level = segmentStrength[segment] + (absoluteSegments ? 0 : strength);
        }
        if (adjusted) {
            level += referenceAdjustment + (bySubblock ? subModeAdjustment : 0);
        }
        filter.set(column, row, level, bySubblock || coded);
        rebuild(column, row, bySubblock, mode, chromaMode);
    }

    private void readSubModes(int column) throws EOFException {
        for (int y = 0; y < 4; y++) {
            int left = subModesLeft[y];
            for (int x = 0; x < 4; x++) {
                int context = 9 * (10 * subModesAbove[4 * column + x] + left);
                int node = 0;
                do {
                    node = SUB_MODE_TREE[node + modes.bit(Vp8Tables.MODES[context + node / 2] & 0xff)];
                } while (node > 0);
                left = -node;
                subModes[4 * y + x] = (byte) left;
                subModesAbove[4 * column + x] = (byte) left;
            }
            subModesLeft[y] = (byte) left;
        }
    }

    private void forgetCoded(int column, boolean bySubblock) {
        int kept = bySubblock ? 8 : 9;
        Arrays.fill(codedAbove, 9 * column, 9 * column + kept, (byte) 0);
        Arrays.fill(codedLeft, 0, kept, (byte) 0);
    }

    /** Reads a macroblock's coefficients; tells whether there are any. */
    private boolean readCoefficients(int column, Vp8Bits tokens, int[] step, boolean bySubblock) throws EOFException {
        int above = 9 * column;
        boolean any = false;
        int first = 0;
        int type = 3;
        if (!bySubblock) {
            Arrays.fill(secondOrder, 0);
            int context = codedAbove[above + 8] + codedLeft[8];
            int count = readBlock(tokens, 1, context, 0, step[2], step[3], secondOrder, 0);
            codedAbove[above + 8] = codedLeft[8] = (byte) (count > 0 ? 1 : 0);
            spreadSecondOrder();
            first = 1;
            type = 0;
        }
        for (int block = 0; block < BLOCKS; block++) {
            boolean chroma = block >= 16;
            int side = chroma ? 2 : 4;
            int index = chroma ? block - 16 & 3 : block;
            int base = chroma ? 4 + (block - 16) / 4 * 2 : 0;
            int x = above + base + index % side;
            int y = base + index / side;
            int start = chroma ? 0 : first;
            int at = 16 * block;
            int count = readBlock(
                    tokens,
                    chroma ? 2 : type,
                    codedAbove[x] + codedLeft[y],
                    start,
                    step[chroma ? 4 : 0],
                    step[chroma ? 5 : 1],
                    coefficients,
                    at);
            codedAbove[x] = codedLeft[y] = (byte) (count > start ? 1 : 0);
            any |= count > start || coefficients[at] != 0;
        }
        return any;
    }

    /** Reads one block's tokens (RFC 6386, section 13) and returns behind which coefficient they ended. */
    private int readBlock(
            Vp8Bits tokens, int type, int firstContext, int first, int dcStep, int acStep, int[] to, int at)
            throws EOFException {
        int context = firstContext;
        int n = first;
        while (n < 16) {
            int p = probability(type, n, context);
            if (tokens.bit(probabilities[p] & 0xff) == 0) {
                return n;
            }
            while (tokens.bit(probabilities[p + 1] & 0xff) == 0) {
                n++;
                if (n == 16) {
                    return 16;
                }
                p = probability(type, n, 0);
            }
            int value = 1;
            context = 1;
            if (tokens.bit(probabilities[p + 2] & 0xff) != 0) {
                value = largeValue(tokens, p);
                context = 2;
            }
            int signed = tokens.bit(128) != 0 ? -value : value;
            to[at + ZIGZAG[n]] = signed * (n > 0 ? acStep : dcStep);
            n++;
        }
        return 16;
    }

    private static int probability(int type, int n, int context) {
        return ((type * 8 + BANDS[n]) * 3 + context) * Vp8Tables.TOKENS;
    }

    private int largeValue(Vp8Bits tokens, int p) throws EOFException {
        if (tokens.bit(probabilities[p + 3] & 0xff) == 0) {
            return tokens.bit(probabilities[p + 4] & 0xff) == 0 ? 2 : 3 + tokens.bit(probabilities[p + 5] & 0xff);
        }
        if (tokens.bit(probabilities[p + 6] & 0xff) == 0) {
            if (tokens.bit(probabilities[p + 7] & 0xff) == 0) {
                return 5 + tokens.bit(159);
            }
            int upper = tokens.bit(165);
            return 7 + 2 * upper + tokens.bit(145);
        }
        int upper = tokens.bit(probabilities[p + 8] & 0xff);
        int category = 2 * upper + tokens.bit(probabilities[p + 9 + upper] & 0xff);
        int extra = 0;
        for (int zero : LARGE_VALUES[category]) {
            extra = 2 * extra + tokens.bit(zero);
        }
        return extra + 3 + (8 << category);
    }

    /** The inverse Walsh-Hadamard transform (RFC 6386, section 14.3), which gives each luma block its DC. */
    private void spreadSecondOrder() {
        int[] in = secondOrder;
        int[] between = transformed;
        for (int i = 0; i < 4; i++) {
            int outer = in[i] + in[12 + i];
            int inner = in[4 + i] + in[8 + i];
            int innerGap = in[4 + i] - in[8 + i];
            int outerGap = in[i] - in[12 + i];
            between[i] = outer + inner;
            between[8 + i] = outer - inner;
            between[4 + i] = outerGap + innerGap;
            between[12 + i] = outerGap - innerGap;
        }
        for (int i = 0; i < 4; i++) {
            int first = between[4 * i] + 3;
            int outer = first + between[4 * i + 3];
            int inner = between[4 * i + 1] + between[4 * i + 2];
            int innerGap = between[4 * i + 1] - between[4 * i + 2];
            int outerGap = first - between[4 * i + 3];
            coefficients[64 * i] = outer + inner >> 3;
            coefficients[64 * i + 16] = outerGap + innerGap >> 3;
            coefficients[64 * i + 32] = outer - inner >> 3;
            coefficients[64 * i + 48] = outerGap - innerGap >> 3;
        }
    }

    private void rebuild(int column, int row, boolean bySubblock, int mode, int chromaMode) {
        int x = 16 * column;
        int y = 16 * row;
        if (bySubblock) {
            boolean lastColumn = column == columns - 1;
            int beyond = luma.at(x + 16, y - 1);
            for (int block = 0; block < 16; block++) {
                int at = luma.at(x + 4 * (block & 3), y + 4 * (block >> 2));
                boolean rightmost = (block & 3) == 3;
                boolean repeats = rightmost && lastColumn && row > 0;
                int rightAbove = rightmost ? repeats ? beyond - 1 : beyond : at - luma.stride + 4;
                prediction.predictSub(luma, at, subModes[block], rightAbove, repeats);
                add(luma, at, 16 * block);
            }
        } else {
            prediction.predict(luma, x, y, 16, mode);
            for (int block = 0; block < 16; block++) {
                add(luma, luma.at(x + 4 * (block & 3), y + 4 * (block >> 2)), 16 * block);
            }
        }
        prediction.predict(blueness, x / 2, y / 2, 8, chromaMode);
        prediction.predict(redness, x / 2, y / 2, 8, chromaMode);
        for (int block = 0; block < 4; block++) {
            int at = blueness.at(x / 2 + 4 * (block & 1), y / 2 + 4 * (block >> 1));
            add(blueness, at, 16 * (16 + block));
            add(redness, at, 16 * (20 + block));
        }
    }

    /** The inverse cosine transform (RFC 6386, section 14.4), added to the prediction. */
    private void add(Vp8Plane plane, int at, int from) {
        int[] in = coefficients;
        int[] between = transformed;
        boolean any = false;
        for (int i = 0; i < 16; i++) {
            any |= in[from + i] != 0;
        }
        if (!any) {
            return;
        }
        for (int i = 0; i < 4; i++) {
            int sum = in[from + i] + in[from + 8 + i];
            int gap = in[from + i] - in[from + 8 + i];
            int sine = sine(in[from + 4 + i]) - cosine(in[from + 12 + i]);
            int cosine = cosine(in[from + 4 + i]) + sine(in[from + 12 + i]);
            between[i] = sum + cosine;
            between[4 + i] = gap + sine;
            between[8 + i] = gap - sine;
            between[12 + i] = sum - cosine;
        }
        for (int row = 0; row < 4; row++) {
            int first = between[4 * row] + 4;
            int sum = first + between[4 * row + 2];
            int gap = first - between[4 * row + 2];
            int sine = sine(between[4 * row + 1]) - cosine(between[4 * row + 3]);
            int cosine = cosine(between[4 * row + 1]) + sine(between[4 * row + 3]);
            int to = at + row * plane.stride;
            plane.set(to, plane.get(to) + (sum + cosine >> 3));
            plane.set(to + 1, plane.get(to + 1) + (gap + sine >> 3));
            plane.set(to + 2, plane.get(to + 2) + (gap - sine >> 3));
            plane.set(to + 3, plane.get(to + 3) + (sum - cosine >> 3));
        }
    }

    /** Times the square root of 2 and the cosine of an eighth of pi, in 16 fractional bits. */
    private static int cosine(int value) {
        return value + (value * 20091 >> 16);
    }

    /** Times the square root of 2 and the sine of an eighth of pi, in 16 fractional bits. */
    private static int sine(int value) {
        return value * 35468 >> 16;
    }
}
