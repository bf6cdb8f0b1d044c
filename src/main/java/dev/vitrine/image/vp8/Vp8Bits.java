package dev.vitrine.image.vp8;

import java.io.EOFException;

/** The boolean entropy decoder of VP8 (RFC 6386, section 7) over a part of a file. */
final class Vp8Bits {

    /** The last symbols may look at bits that the encoder did not need to write; they read as zero. */
    private static final int OVERSHOOT = 4;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int range = 255;
    /** Holds 8 more bits than {@link #spare}; the upper 8 are compared. */
    private long value;

    private int spare = -8;

    Vp8Bits(byte[] bytes, int start, int end) throws EOFException {
        if (start > end || end > bytes.length) {
            throw new EOFException("A VP8 partition ends at byte " + end + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** One bit that is zero with a probability of {@code zero} / 256. */
    int bit(int zero) throws EOFException {
        while (spare < 0) {
            load();
        }
        int split = 1 + ((range - 1) * zero >> 8);
        long bound = (long) split << spare;
        int bit;
        if (value >= bound) {
            value -= bound;
            range -= split;
            bit = 1;
        } else {
            range = split;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(range) - 24;
        range <<= shift;
        spare -= shift;
        return bit;
    }

    private void load() throws EOFException {
        if (at >= end + OVERSHOOT) {
            throw new EOFException("A VP8 partition ends too early");
        }
        int next = at < end ? bytes[at] & 0xff : 0;
        at++;
        value = value << 8 | next;
        spare += 8;
    }

    boolean flag() throws EOFException {
        return bit(128) != 0;
    }

    /** An unsigned number, upper bits first. */
    int number(int bits) throws EOFException {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = number << 1 | bit(128);
        }
        return number;
    }

    /** A number and then its sign. */
    int signed(int bits) throws EOFException {
        int number = number(bits);
        return flag() ? -number : number;
    }

    /** A signed number behind a flag that tells whether it is there; otherwise 0. */
    int optional(int bits) throws EOFException {
        return flag() ? signed(bits) : 0;
    }
}
