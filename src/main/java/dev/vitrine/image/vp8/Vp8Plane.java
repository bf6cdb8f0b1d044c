package dev.vitrine.image.vp8;

import java.util.Arrays;

/**
 * One plane of a VP8 frame with the border that prediction looks at: 127 above, 129 to the left (RFC 6386, section
 * 12.2). The border above reaches over the right edge.
 */
final class Vp8Plane {

    private static final int RIGHT = 4;

    final byte[] samples;
    final int stride;

    Vp8Plane(int width, int height) {
        stride = 1 + width + RIGHT;
        samples = new byte[Math.multiplyExact(stride, height + 1)];
        Arrays.fill(samples, 0, stride, (byte) 127);
        for (int y = 0; y < height; y++) {
            samples[at(-1, y)] = (byte) 129;
        }
    }

    int at(int x, int y) {
        return (y + 1) * stride + x + 1;
    }

    int get(int at) {
        return samples[at] & 0xff;
    }

    /** Sets a sample to a value brought into 0 to 255. */
    void set(int at, int value) {
        samples[at] = (byte) (value < 0 ? 0 : Math.min(value, 255));
    }
}
