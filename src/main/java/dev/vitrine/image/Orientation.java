package dev.vitrine.image;

/**
 * What turns a stored picture upright: first swap the axes or not, then mirror the upright picture's columns or rows or
 * not. In the order of EXIF 2.3, tag 274.
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_RIGHT(true, true, false),
    TRANSVERSED(true, true, true),
    QUARTER_LEFT(true, false, true);

    private final boolean swapsAxes;
    private final boolean mirrorsX;
    private final boolean mirrorsY;

    Orientation(boolean swapsAxes, boolean mirrorsX, boolean mirrorsY) {
        this.swapsAxes = swapsAxes;
        this.mirrorsX = mirrorsX;
        this.mirrorsY = mirrorsY;
    }

    /** The orientation of an EXIF value; upright for values that EXIF does not define. */
    static Orientation of(int exif) {
        return exif >= 1 && exif <= 8 ? values()[exif - 1] : UPRIGHT;
    }

    /** Whether stored rows are upright columns. */
    boolean swapsAxes() {
        return swapsAxes;
    }

    /** Whether the upright picture's columns run against the stored order. */
    boolean mirrorsX() {
        return mirrorsX;
    }

    /** Whether the upright picture's rows run against the stored order. */
    boolean mirrorsY() {
        return mirrorsY;
    }

    int width(int storedWidth, int storedHeight) {
        return swapsAxes ? storedHeight : storedWidth;
    }

    int height(int storedWidth, int storedHeight) {
        return swapsAxes ? storedWidth : storedHeight;
    }
}
