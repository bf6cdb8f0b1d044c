package dev.vitrine.image;

import java.io.EOFException;
import java.io.IOException;

/**
 * Reads over the entropy-coded data of a sequential JPEG picture (ITU-T T.81, annex F), keeping nothing, to learn whether
 * all of its blocks are there. Takes time in the length of the data, some 10 ms a megabyte.
 */
final class JpegScan {
    private static final int DHT = 0xc4;
    private static final int DRI = 0xdd;

    /** How many bits the values of a block take at most, and how many blocks a unit has (T.81, B.2.3). */
    private static final int MOST_BLOCKS = 10;

    private final PictureBytes bytes;
    private final Huffman[] tables = new Huffman[8];

    /** For each block of a unit the table of its first value, and that of the rest. */
    private int[] blockTables = {};

    private long units;
    private int interval;
    private long at;
    private int held;
    private int window;

    /** @param scan where the data of the first scan begins */
    JpegScan(PictureBytes bytes, long scan) {
        this.bytes = bytes;
        this.at = scan;
    }

    /** Whether the first scan has all components and all of its blocks; false where that cannot be told. */
    boolean isComplete() throws IOException {
        long scan = at;
        try {
            readSegments(scan);
            at = scan;
            held = 0;
            return units > 0 && readsAll();
        } catch (EOFException | IllegalArgumentException e) {
            return false;
        }
    }

    private void readSegments(long scan) throws IOException {
        int[] ids = new int[4];
        int[] sampling = new int[4];
        int components = 0;
        int width = 0;
        int height = 0;
        for (long place = 2; place < scan; ) {
            place = JpegStructure.nextMarker(bytes, place);
            int marker = bytes.u8(place++);
            if (JpegStructure.isAlone(marker)) {
                continue;
            }
            int length = bytes.u16(place, true);
            long data = place + 2;
            if (marker == DHT) {
                readTables(data, place + length);
            } else if (marker == DRI) {
                interval = bytes.u16(data, true);
            } else if (marker == 0xc0 || marker == 0xc1) {
                height = bytes.u16(data + 1, true);
                width = bytes.u16(data + 3, true);
                components = bytes.u8(data + 5);
                for (int i = 0; i < components && i < 4; i++) {
                    ids[i] = bytes.u8(data + 6 + 3L * i);
                    sampling[i] = bytes.u8(data + 7 + 3L * i);
                }
            } else if (marker == JpegStructure.SOS) {
                if (bytes.u8(data) != components) {
                    return; // other components follow in scans of their own
                }
                arrange(data + 1, components, ids, sampling, width, height);
            }
            place += length;
        }
    }

    private void readTables(long from, long end) throws IOException {
        for (long place = from; place < end; ) {
            int name = bytes.u8(place);
            int[] counts = new int[17];
            int values = 0;
            for (int length = 1; length <= 16; length++) {
                counts[length] = bytes.u8(place + length);
                values += counts[length];
            }
            int[] symbols = new int[values];
            for (int i = 0; i < values; i++) {
                symbols[i] = bytes.u8(place + 17 + i);
            }
            tables[(name >> 4 & 1) << 2 | name & 3] = new Huffman(counts, symbols);
            place += 17 + values;
        }
    }

    /** Lays the blocks of a unit out: several of a component where others have fewer samples (T.81, A.2). */
    private void arrange(long at, int components, int[] ids, int[] sampling, int width, int height) throws IOException {
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < components; i++) {
            mostAcross = Math.max(mostAcross, sampling[i] >> 4);
            mostDown = Math.max(mostDown, sampling[i] & 15);
        }
        if (components == 1) {
            mostAcross = 1;
            mostDown = 1;
        }
        int[] order = new int[2 * MOST_BLOCKS];
        int blocks = 0;
        for (int i = 0; i < components; i++) {
            int names = bytes.u8(at + 2L * i + 1);
            int count = components == 1 ? 1 : (sampling[i] >> 4) * (sampling[i] & 15);
            if (bytes.u8(at + 2L * i) != ids[i] || count < 1 || blocks + count > MOST_BLOCKS) {
                throw new IllegalArgumentException("A scan that is not laid out as T.81 says");
            }
            for (int block = 0; block < count; block++, blocks++) {
                order[2 * blocks] = names >> 4 & 3;
                order[2 * blocks + 1] = 4 | names & 3;
            }
        }
        blockTables = java.util.Arrays.copyOf(order, 2 * blocks);
        units = ((width + 8L * mostAcross - 1) / (8L * mostAcross)) * ((height + 8L * mostDown - 1) / (8L * mostDown));
    }

    private boolean readsAll() throws IOException {
        for (long unit = 0; unit < units; unit++) {
            if (interval > 0 && unit > 0 && unit % interval == 0) {
                restart();
            }
            for (int table = 0; table < blockTables.length; table += 2) {
                skip(symbol(tables[blockTables[table]]));
                Huffman rest = tables[blockTables[table + 1]];
                for (int value = 1; value < 64; value++) {
                    int symbol = symbol(rest);
                    if (symbol == 0) {
                        break;
                    }
                    value += symbol >> 4;
                    skip(symbol & 15);
                }
            }
        }
        return true;
    }

    /** Goes behind the restart marker that is due. */
    private void restart() throws IOException {
        held = 0;
        while (bytes.u8(at) != 0xff || bytes.u8(at + 1) < 0xd0 || bytes.u8(at + 1) > 0xd7) {
            if (bytes.u8(at) == 0xff && bytes.u8(at + 1) != 0xff && bytes.u8(at + 1) != 0) {
                throw new EOFException("Another marker than a restart");
            }
            at++;
        }
        at += 2;
    }

    private int symbol(Huffman table) throws IOException {
        if (table == null) {
            throw new IllegalArgumentException("A code that is not defined");
        }
        int code = 0;
        for (int length = 1; length <= 16; length++) {
            code = code << 1 | bit();
            int index = table.index(code, length);
            if (index >= 0) {
                return table.symbols[index];
            }
        }
        throw new IllegalArgumentException("A code that is not in its table");
    }

    private int bit() throws IOException {
        if (held == 0) {
            window = bytes.u8(at);
            if (window == 0xff) {
                if (bytes.u8(at + 1) != 0) {
                    throw new EOFException("A marker within the data");
                }
                at++;
            }
            at++;
            held = 8;
        }
        return window >> --held & 1;
    }

    private void skip(int bits) throws IOException {
        for (int i = 0; i < bits; i++) {
            bit();
        }
    }

    /** A table of codes by their lengths (T.81, annex C). */
    private static final class Huffman {
        private final int[] first = new int[17];
        private final int[] count;
        private final int[] start = new int[17];
        private final int[] symbols;

        Huffman(int[] counts, int[] symbols) {
            this.count = counts;
            this.symbols = symbols;
            int code = 0;
            int sum = 0;
            for (int length = 1; length <= 16; length++) {
                first[length] = code;
                start[length] = sum;
                sum += counts[length];
                code = code + counts[length] << 1;
            }
        }

        /** The place of a code's symbol, -1 where there is no code of this length. */
        int index(int code, int length) {
            int offset = code - first[length];
            return offset >= 0 && offset < count[length] ? start[length] + offset : -1;
        }
    }
}
