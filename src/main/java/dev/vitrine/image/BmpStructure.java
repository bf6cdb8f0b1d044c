package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;

import java.io.EOFException;
import java.io.IOException;

/** The headers of a Windows bitmap (BITMAPCOREHEADER to BITMAPV5HEADER). */
final class BmpStructure implements Structure {

    private static final int RLE8 = 1;
    private static final int RLE4 = 2;

    private final PictureBytes bytes;
    private int width;
    private int height;
    private int depth;
    private long compression;

    BmpStructure(PictureBytes bytes) {
        this.bytes = bytes;
    }

    /** Whether the header that follows the letters BM has a size that some version of the format defines. */
    static boolean isBmp(PictureBytes bytes) throws IOException {
        if (!bytes.has(0, "BM") || bytes.length() < 18) {
            return false;
        }
        long header = bytes.u32(14, false);
        return header == 12
                || header == 40
                || header == 52
                || header == 56
                || header == 64
                || header == 108
                || header == 124;
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.BMP;
    }

    @Override
    public Size size() throws IOException {
        if (bytes.u32(14, false) == 12) {
            width = bytes.u16(18, false);
            height = bytes.u16(20, false);
            depth = bytes.u16(24, false);
        } else {
            width = bytes.s32(18, false);
            height = Math.abs(bytes.s32(22, false));
            depth = bytes.u16(28, false);
            compression = bytes.u32(30, false);
        }
        if (width < 1 || height < 1) {
            throw new UnusablePictureException(DAMAGED, "The BMP picture's header is broken. Save it again.");
        }
        return new Size(width, height);
    }

    @Override
    public int walk() throws IOException {
        boolean runs = compression == RLE8 || compression == RLE4;
        boolean plain = compression == 0 || compression == 3 || compression == 6;
        if (!runs && !plain || depth != 1 && depth != 4 && depth != 8 && depth != 16 && depth != 24 && depth != 32) {
            throw new UnusablePictureException(
                    UNSUPPORTED, "This kind of BMP picture is not supported. Save it as PNG or JPEG.");
        }
        long data = bytes.u32(10, false);
        long stride = ((long) width * depth + 31) / 32 * 4;
        long end = runs
                ? data + Math.max(2, bytes.u32(34, false))
                : data + stride * (height - 1L) + ((long) width * depth + 7) / 8;
        if (end > bytes.length()) {
            throw new EOFException("The BMP picture ends before its last row");
        }
        return 1;
    }
}
