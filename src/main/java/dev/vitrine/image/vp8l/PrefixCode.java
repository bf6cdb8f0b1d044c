package dev.vitrine.image.vp8l;

import java.io.IOException;
import javax.imageio.IIOException;

/**
 * A canonical prefix code (RFC 9649, section 3.7.2) as a table by the next bits: an entry holds a symbol and its length,
 * or where the table for its longer codes begins.
 */
final class PrefixCode {
    static final int LONGEST = 15;

    private static final int ROOT_BITS = 8;
    private static final int LENGTH_BITS = 5;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

    private final int rootBits;
    private final int[] table;

    private PrefixCode(int rootBits, int[] table) {
        this.rootBits = rootBits;
        this.table = table;
    }

    /** How many ints the code keeps. */
    int size() {
        return table.length;
    }

    /** Reads a symbol; whether the data was long enough is told by {@link Vp8lBits#requireWithin()}. */
    int read(Vp8lBits bits) {
        bits.fill();
        int entry = table[bits.peek(rootBits)];
        int length = entry & LENGTH_MASK;
        if (length > rootBits) {
            // Of a longer code the entry tells where its table begins and by how many bits it is looked up in.
            bits.skip(rootBits);
            entry = table[(entry >>> LENGTH_BITS) + bits.peek(length - rootBits)];
            length = entry & LENGTH_MASK;
        }
        bits.skip(length);
        return entry >>> LENGTH_BITS;
    }

    /**
     * Builds the code of these lengths.
     *
     * @param lengths the length of each symbol's code, 0 where it has none
     * @throws IIOException where they are no complete code; a single symbol is one, and takes no bits
     */
    static PrefixCode of(int[] lengths, int symbols) throws IOException {
        int[] count = new int[LONGEST + 1];
        int used = 0;
        int last = 0;
        int longest = 0;
        for (int symbol = 0; symbol < symbols; symbol++) {
            if (lengths[symbol] > 0) {
                count[lengths[symbol]]++;
                used++;
                last = symbol;
                longest = Math.max(longest, lengths[symbol]);
            }
        }
        if (used == 1) {
            return new PrefixCode(0, new int[] {last << LENGTH_BITS});
        }
        requireComplete(count);
        int[] next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + count[length] << 1;
        }
        return new Builder(lengths, symbols, next, longest).build();
    }

    private static void requireComplete(int[] count) throws IIOException {
        int open = 1;
        for (int length = 1; length <= LONGEST; length++) {
            open = 2 * open - count[length];
            if (open < 0) {
                throw new IIOException("A VP8L prefix code has more symbols than codes");
            }
        }
        if (open != 0) {
            throw new IIOException("A VP8L prefix code leaves codes unused");
        }
    }

    /** Fills the tables: the root's, and behind it one for each of its entries that begins longer codes. */
    private static final class Builder {
        private final int[] lengths;
        private final int symbols;
        private final int[] codes;
        private final int rootBits;

        /** For each root entry the longest code that begins with it; 0 where none is longer than the root's bits. */
        private final int[] longestUnder;

        Builder(int[] lengths, int symbols, int[] firstCodes, int longest) {
            this.lengths = lengths;
            this.symbols = symbols;
            this.rootBits = Math.min(longest, ROOT_BITS);
            this.longestUnder = new int[1 << rootBits];
            this.codes = new int[symbols];
            int[] next = firstCodes.clone();
            for (int symbol = 0; symbol < symbols; symbol++) {
                int length = lengths[symbol];
                if (length > 0) {
                    codes[symbol] = Integer.reverse(next[length]++) >>> 32 - length;
                    if (length > rootBits) {
                        int under = codes[symbol] & (1 << rootBits) - 1;
                        longestUnder[under] = Math.max(longestUnder[under], length);
                    }
                }
            }
        }

        PrefixCode build() {
            int size = 1 << rootBits;
            int[] start = new int[1 << rootBits];
            for (int entry = 0; entry < longestUnder.length; entry++) {
                if (longestUnder[entry] > 0) {
                    start[entry] = size;
                    size += 1 << longestUnder[entry] - rootBits;
                }
            }
            int[] table = new int[size];
            for (int entry = 0; entry < longestUnder.length; entry++) {
                if (longestUnder[entry] > 0) {
                    table[entry] = start[entry] << LENGTH_BITS | longestUnder[entry];
                }
            }
            for (int symbol = 0; symbol < symbols; symbol++) {
                int length = lengths[symbol];
                if (length > rootBits) {
                    int under = codes[symbol] & (1 << rootBits) - 1;
                    int step = 1 << length - rootBits;
                    int bound = 1 << longestUnder[under] - rootBits;
                    for (int low = codes[symbol] >>> rootBits; low < bound; low += step) {
                        table[start[under] + low] = symbol << LENGTH_BITS | length - rootBits;
                    }
                } else if (length > 0) {
                    for (int low = codes[symbol]; low < 1 << rootBits; low += 1 << length) {
                        table[low] = symbol << LENGTH_BITS | length;
                    }
                }
            }
            return new PrefixCode(rootBits, table);
        }
    }
}
