package dev.vitrine.image;

/** What becomes of a picture's alpha. */
public enum Transparency {
    /**
     * Composed on white, as shops show cut-outs, so that the colour hidden under full transparency does not count: a
     * channel {@code c} under alpha {@code a} becomes {@code (c * a + 255 * (255 - a)) / 255}, rounded to the nearest;
     * straight alpha, 8 bits.
     */
    WHITE,
    /** Dropped, as Pillow's {@code convert("RGB")} and with it the reference for CLIP do. */
    IGNORE;

    /** A channel, 0 to 255, on white under an alpha of 0 to 255. */
    static int onWhite(int channel, int alpha) {
        return (channel * alpha + 255 * (255 - alpha) + 127) / 255;
    }

    /** The same where the channel was multiplied by its alpha already. */
    static int multipliedOnWhite(int channel, int alpha) {
        return Math.min(255, channel + 255 - alpha);
    }
}
