package dev.vitrine.image.vp8l;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads bits, the least significant of a byte first (RFC 9649, section 3.2). */
final class Vp8lBits {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;
    private long window;
    private int held;

    Vp8lBits(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** The next bits as a number; 0 to 24 of them. */
    int read(int count) throws IOException {
        fill();
        int value = (int) window & (1 << count) - 1;
        skip(count);
        requireWithin();
        return value;
    }

    boolean flag() throws IOException {
        return read(1) != 0;
    }

    /** Sees to it that at least 32 bits can be looked at; behind the end they are zeros. */
    void fill() {
        if (end - at >= Long.BYTES) {
            window |= (long) LONG.get(bytes, at) << held;
            at += 63 - held >>> 3;
            held |= 56;
            return;
        }
        while (held <= 55) {
            if (at < end) {
                window |= (bytes[at] & 0xffL) << held;
            }
            at++;
            held += 8;
        }
    }

    /** The next bits without taking them; valid after {@link #fill()}. */
    int peek(int count) {
        return (int) window & (1 << count) - 1;
    }

    /** Takes bits that were looked at. */
    void skip(int count) {
        window >>>= count;
        held -= count;
    }

    /** @throws EOFException when more bits were taken than there are */
    void requireWithin() throws EOFException {
        if (at - held / 8 > end) {
            throw new EOFException("The VP8L data ends before its picture is complete");
        }
    }
}
