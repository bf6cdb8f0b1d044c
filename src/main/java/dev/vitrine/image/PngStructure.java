package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;

import java.io.EOFException;
import java.io.IOException;

/** The chunks of a PNG file (PNG, third edition, section 5). */
final class PngStructure implements Structure {

    static final int FIRST_CHUNK = 8;

    private final PictureBytes bytes;

    PngStructure(PictureBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.PNG;
    }

    @Override
    public Size size() throws IOException {
        long width = bytes.u32(16, true);
        long height = bytes.u32(20, true);
        if (!bytes.has(12, "IHDR") || bytes.u32(8, true) != 13 || invalid(width) || invalid(height) || !depthFits()) {
            throw new UnusablePictureException(DAMAGED, "The PNG picture's header is broken. Save or export it again.");
        }
        return new Size((int) width, (int) height);
    }

    private static boolean invalid(long side) {
        return side < 1 || side > Integer.MAX_VALUE;
    }

    private boolean depthFits() throws IOException {
        int depth = bytes.u8(24);
        return switch (bytes.u8(25)) {
            case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case 2, 4, 6 -> depth == 8 || depth == 16;
            default -> false;
        };
    }

    @Override
    public int walk() throws IOException {
        int exif = 0;
        int xmp = 1;
        boolean data = false;
        boolean end = false;
        for (long at = FIRST_CHUNK; !end; ) {
            long length = bytes.u32(at, true);
            end = bytes.has(at + 4, "IEND");
            data |= bytes.has(at + 4, "IDAT");
            if (bytes.has(at + 4, "eXIf")) {
                exif = Exif.orientation(bytes, bytes.has(at + 8, "Exif\0\0") ? at + 14 : at + 8);
            } else if (exif == 0 && PngText.isText(bytes, at + 4)) {
                PngText text = PngText.read(bytes, at + 4, at + 8, length);
                exif = text.exifOrientation();
                xmp = text.isXmp() ? Xmp.orientation(text.text()) : xmp;
            }
            at += 12 + length;
            if (at > bytes.length()) {
                throw new EOFException("The PNG picture ends within a chunk");
            }
        }
        if (!data) {
            throw new UnusablePictureException(DAMAGED, "The PNG picture holds no image data. Save it again.");
        }
        return exif > 0 ? exif : xmp;
    }
}
