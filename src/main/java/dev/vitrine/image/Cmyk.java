package dev.vitrine.image;

/** Printing inks to light, by Pillow's formula: light left by black, less the share that the ink takes. */
final class Cmyk {

    private Cmyk() {}

    /**
     * A channel of light, 0 to 255.
     *
     * @param ink 0 for none to 255 for full
     * @param light 255 less the black ink
     */
    static byte shade(int ink, int light) {
        int product = ink * light + 128;
        int taken = (product >> 8) + product >> 8;
        return (byte) Math.max(0, light - taken);
    }

    static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
