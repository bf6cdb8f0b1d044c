package dev.vitrine.image;

import java.io.EOFException;
import java.io.IOException;

/** Finds the orientation in an EXIF block, which is a small TIFF file (EXIF 2.3, 4.5.2). */
final class Exif {

    private static final int ORIENTATION = 0x112;
    private static final int SHORT = 3;
    private static final int LONG = 4;

    private Exif() {}

    /**
     * The orientation 1 to 8 of the block that starts there; 0 where it names none or is broken, for a picture is not
     * refused over its remarks.
     */
    static int orientation(PictureBytes bytes, long at) throws IOException {
        try {
            boolean bigEndian = bytes.has(at, "MM\0*");
            if (!bigEndian && !bytes.has(at, "II*\0")) {
                return 0;
            }
            long directory = at + bytes.u32(at + 4, bigEndian);
            int entries = bytes.u16(directory, bigEndian);
            for (int i = 0; i < entries; i++) {
                long entry = directory + 2 + 12L * i;
                if (bytes.u16(entry, bigEndian) == ORIENTATION) {
                    int type = bytes.u16(entry + 2, bigEndian);
                    long value = type == SHORT
                            ? bytes.u16(entry + 8, bigEndian)
                            : type == LONG ? bytes.u32(entry + 8, bigEndian) : 0;
                    return value >= 1 && value <= 8 ? (int) value : 0;
                }
            }
            return 0;
        } catch (EOFException e) {
            return 0;
        }
    }
}
