package dev.vitrine.image.vp8l;

import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/** Reads prefix codes (RFC 9649, section 3.7.2). */
final class PrefixCodes {
    static final int GREEN = 0;
    static final int RED = 1;
    static final int BLUE = 2;
    static final int ALPHA = 3;
    static final int DISTANCE = 4;

    /** Codes of a group, in the order of the constants. */
    static final int KINDS = 5;

    static final int LITERALS = 256;
    static final int LENGTHS = 24;

    private static final int DISTANCES = 40;
    private static final int LENGTH_CODES = 19;
    private static final int[] LENGTH_CODE_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private final Vp8lBits bits;
    private final int greens;
    private final int[] lengths;

    /** @param cacheSize entries of the colour cache, which the green code can name too */
    PrefixCodes(Vp8lBits bits, int cacheSize) {
        this.bits = bits;
        this.greens = LITERALS + LENGTHS + cacheSize;
        this.lengths = new int[Math.max(greens, LITERALS)];
    }

    /** Reads the codes of a group. */
    PrefixCode[] readGroup() throws IOException {
        PrefixCode[] group = new PrefixCode[KINDS];
        for (int kind = 0; kind < KINDS; kind++) {
            group[kind] = PrefixCode.of(lengths, readLengths(kind));
        }
        return group;
    }

    /** Reads over the codes of a group that no pixel uses. */
    void skipGroup() throws IOException {
        for (int kind = 0; kind < KINDS; kind++) {
            readLengths(kind);
        }
    }

    /** Reads the lengths of a code; returns how many symbols its alphabet has. */
    private int readLengths(int kind) throws IOException {
        int symbols =
                switch (kind) {
                    case GREEN -> greens;
                    case DISTANCE -> DISTANCES;
                    default -> LITERALS;
                };
        Arrays.fill(lengths, 0, symbols, 0);
        if (bits.flag()) {
            readSimple(symbols);
        } else {
            readNormal(symbols);
        }
        return symbols;
    }

    private void readSimple(int symbols) throws IOException {
        boolean two = bits.flag();
        set(bits.read(bits.flag() ? 8 : 1), symbols);
        if (two) {
            set(bits.read(8), symbols);
        }
    }

    private void set(int symbol, int symbols) throws IIOException {
        if (symbol >= symbols) {
            throw new IIOException("A VP8L prefix code names a symbol that there is not");
        }
        lengths[symbol] = 1;
    }

    private void readNormal(int symbols) throws IOException {
        int[] codeLengths = new int[LENGTH_CODES];
        int known = 4 + bits.read(4);
        for (int i = 0; i < known; i++) {
            codeLengths[LENGTH_CODE_ORDER[i]] = bits.read(3);
        }
        PrefixCode code = PrefixCode.of(codeLengths, LENGTH_CODES);
        int left = symbols;
        if (bits.flag()) {
            left = 2 + bits.read(2 + 2 * bits.read(3));
            if (left > symbols) {
                throw new IIOException("A VP8L prefix code has more lengths than symbols");
            }
        }
        int previous = 8;
        for (int symbol = 0; symbol < symbols && left > 0; left--) {
            int length = code.read(bits);
            bits.requireWithin();
            if (length < 16) {
                lengths[symbol++] = length;
                previous = length == 0 ? previous : length;
                continue;
            }
            int repeats =
                    switch (length) {
                        case 16 -> 3 + bits.read(2);
                        case 17 -> 3 + bits.read(3);
                        default -> 11 + bits.read(7);
                    };
            if (symbol + repeats > symbols) {
                throw new IIOException("A VP8L prefix code repeats a length beyond its symbols");
            }
            Arrays.fill(lengths, symbol, symbol + repeats, length == 16 ? previous : 0);
            symbol += repeats;
        }
    }
}
