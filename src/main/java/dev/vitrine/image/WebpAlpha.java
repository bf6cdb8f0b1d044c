package dev.vitrine.image;

import dev.vitrine.image.vp8l.Vp8lDecoder;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;

/** Decodes the {@code ALPH} chunk of a lossy WebP frame (RFC 9649, section 2.7.1.2). */
final class WebpAlpha {
    private static final int RAW = 0;
    private static final int LOSSLESS = 1;

    private WebpAlpha() {}

    /**
     * The alpha of each pixel, row-major, 0 for transparent.
     *
     * @param start where the chunk's data stands
     * @param end behind it
     */
    static byte[] decode(byte[] bytes, int start, int end, int width, int height) throws IOException {
        if (end - start < 1) {
            throw new EOFException("The WebP alpha is empty");
        }
        int flags = bytes[start];
        byte[] alpha =
                switch (flags & 3) {
                    case RAW -> raw(bytes, start + 1, end, width, height);
                    case LOSSLESS -> Vp8lDecoder.decodeAlpha(bytes, start + 1, end, width, height, Interruption::check);
                    default -> throw new IIOException("The WebP alpha is compressed in an unknown way");
                };
        unfilter(alpha, width, height, flags >> 2 & 3);
        return alpha;
    }

    private static byte[] raw(byte[] bytes, int start, int end, int width, int height) throws IOException {
        byte[] alpha = new byte[width * height];
        if (end - start < alpha.length) {
            throw new EOFException("The WebP alpha is cut off");
        }
        System.arraycopy(bytes, start, alpha, 0, alpha.length);
        return alpha;
    }

    /** Adds what the pixel to the left, the one above, or both and the one between them foretell; at edges there is one. */
    private static void unfilter(byte[] alpha, int width, int height, int filter) {
        for (int y = 0; filter != 0 && y < height; y++) {
            Interruption.check();
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                int left = x > 0 ? alpha[at - 1] & 0xff : 0;
                int top = y > 0 ? alpha[at - width] & 0xff : 0;
                int foretold;
                if (y == 0) {
                    foretold = left;
                } else if (x == 0) {
                    foretold = top;
                } else {
                    foretold = switch (filter) {
                        case 1 -> left;
                        case 2 -> top;
                        default -> clamp(left + top - (alpha[at - width - 1] & 0xff));
                    };
                }
                alpha[at] = (byte) (alpha[at] + foretold);
            }
        }
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
