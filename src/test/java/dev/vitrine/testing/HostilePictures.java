package dev.vitrine.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes pictures that wear decoders out: small files that ask for much more than their pixels are worth. */
public final class HostilePictures {
    private HostilePictures() {}

    /** A GIF of one pixel whose comment comes in so many pieces of one byte, each of which the JDK copies anew. */
    public static byte[] commentedGif(int pieces) {
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        gif.writeBytes(latin("GIF89a\n\0\n\0\u0080\0\0\0\0\0\u00ff\u00ff\u00ff!\u00fe"));
        for (int i = 0; i < pieces; i++) {
            gif.write(1);
            gif.write('a');
        }
        gif.writeBytes(latin("\0!\u00f9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"));
        return gif.toByteArray();
    }

    /** A lossless WebP of 4 × 4 pixels with so many groups of prefix codes, up to 65,536. */
    public static byte[] groupedWebp(int groups) {
        Bits bits = new Bits();
        bits.put(0x2f, 8);
        bits.put(3, 14);
        bits.put(3, 14);
        bits.put(0, 1);
        bits.put(0, 3);
        bits.put(0, 2);
        bits.put(1, 1);
        bits.put(0, 4);
        bits.codeOfOne((groups - 1) & 255, true);
        bits.codeOfOne((groups - 1) >> 8, true);
        for (int i = 0; i < 3 + 5 * groups; i++) {
            bits.codeOfOne(0, false);
        }
        bits.put(0, 32 * 32);
        byte[] data = bits.bytes();
        ByteBuffer webp = ByteBuffer.allocate(20 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        webp.put(latin("RIFF")).putInt(12 + data.length).put(latin("WEBPVP8L")).putInt(data.length);
        return webp.put(data).array();
    }

    /** A WebP whose frames lie in each other, so many levels deep. */
    public static byte[] nestedWebp(int levels) {
        ByteBuffer webp = ByteBuffer.allocate(30 + 24 * levels).order(ByteOrder.LITTLE_ENDIAN);
        webp.put(latin("RIFF")).putInt(22 + 24 * levels).put(latin("WEBPVP8X")).putInt(10);
        webp.position(webp.position() + 10);
        for (int i = 0; i < levels; i++) {
            webp.put(latin("ANMF")).putInt(0x7fffff00);
            webp.position(webp.position() + 16);
        }
        return webp.array();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A stream of bits, the lowest of a byte first. */
    private static final class Bits {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int next;
        private int count;

        void put(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                next |= (i < Integer.SIZE ? value >> i & 1 : 0) << count++;
                if (count == Byte.SIZE) {
                    bytes.write(next);
                    next = 0;
                    count = 0;
                }
            }
        }

        /** A prefix code of one symbol. */
        void codeOfOne(int symbol, boolean isWide) {
            put(1, 1);
            put(0, 1);
            put(isWide ? 1 : 0, 1);
            put(symbol, isWide ? 8 : 1);
        }

        /** Everything put so far, in an even number of bytes. */
        byte[] bytes() {
            while (count > 0 || bytes.size() % 2 == 1) {
                put(0, 1);
            }
            return bytes.toByteArray();
        }
    }
}
