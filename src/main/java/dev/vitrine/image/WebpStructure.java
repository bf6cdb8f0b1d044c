package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;

import java.io.EOFException;
import java.io.IOException;

/** The RIFF chunks of a WebP file (RFC 9649, section 2) and the size fields of its bitstreams. */
final class WebpStructure implements Structure {

    /** An animation of an hour has fewer; walking over them takes milliseconds. */
    private static final int MOST_CHUNKS = 100_000;

    private final PictureBytes bytes;
    private int width;
    private int height;
    private int left;
    private int top;
    private long image;
    private long alpha;
    private boolean lossless;
    private int orientation;
    private int xmp = 1;

    WebpStructure(PictureBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.WEBP;
    }

    @Override
    public Size size() throws IOException {
        if (bytes.has(12, "VP8X")) {
            width = 1 + u24(24);
            height = 1 + u24(27);
        } else if (takesImage(12)) {
            Size size = imageSize();
            width = size.width();
            height = size.height();
        } else {
            throw broken();
        }
        return new Size(width, height);
    }

    private static UnusablePictureException broken() {
        return new UnusablePictureException(
                DAMAGED, "The WebP picture's structure is broken. Save or export it again.");
    }

    private int u24(long at) throws IOException {
        return bytes.u16(at, false) | bytes.u8(at + 2) << 16;
    }

    private boolean takesImage(long chunk) throws IOException {
        boolean found = bytes.has(chunk, "VP8 ") || bytes.has(chunk, "VP8L");
        if (found) {
            image = chunk;
            lossless = bytes.u8(chunk + 3) == 'L';
        }
        return found;
    }

    private Size imageSize() throws IOException {
        long data = image + 8;
        Size size;
        if (lossless) {
            if (bytes.u8(data) != 0x2f) {
                throw broken();
            }
            long bits = bytes.u32(data + 1, false);
            size = new Size(1 + (int) (bits & 0x3fff), 1 + (int) (bits >> 14 & 0x3fff));
        } else {
            if ((bytes.u8(data) & 1) != 0 || !bytes.has(data + 3, "\u009d\u0001\u002a")) {
                throw broken();
            }
            size = new Size(bytes.u16(data + 6, false) & 0x3fff, bytes.u16(data + 8, false) & 0x3fff);
        }
        if (size.width() == 0 || size.height() == 0) {
            throw broken();
        }
        return size;
    }

    @Override
    public int walk() throws IOException {
        long end = 8 + bytes.u32(4, false);
        if (end > bytes.length()) {
            throw new EOFException("The WebP picture ends before its RIFF size");
        }
        if (bytes.has(12, "VP8X")) {
            walkChunks(30, end);
            if (image == 0) {
                throw broken();
            }
            Size size = imageSize();
            if ((long) left + size.width() > width || (long) top + size.height() > height) {
                throw broken();
            }
        }
        requireWhole(end);
        return orientation > 0 ? orientation : xmp;
    }

    /** The picture's data must fit into what contains it, and its first part into it. */
    private void requireWhole(long end) throws IOException {
        long length = bytes.u32(image + 4, false);
        long needed = lossless ? 5 : 10L + (u24(image + 8) >> 5);
        if (image + 8 + length > end || needed > length) {
            throw new EOFException("The WebP picture's data is cut off");
        }
    }

    /** Reads the chunks of the file, and those of the first frame where it is animated; frames hold no frames. */
    private void walkChunks(long from, long end) throws IOException {
        boolean framed = false;
        int chunks = 0;
        for (long at = from; at + 8 <= end; ) {
            chunks++;
            if (chunks > MOST_CHUNKS) {
                throw broken();
            }
            long length = bytes.u32(at + 4, false);
            if (bytes.has(at, "ANMF") && !framed) {
                framed = true;
                left = 2 * u24(at + 8);
                top = 2 * u24(at + 11);
                walkFrame(at + 24, Math.min(end, at + 8 + length));
            } else if (!framed) {
                takesPixels(at);
            }
            if (bytes.has(at, "EXIF")) {
                orientation = Exif.orientation(bytes, bytes.has(at + 8, "Exif\0\0") ? at + 14 : at + 8);
            }
            if (bytes.has(at, "XMP ")) {
                xmp = Xmp.orientation(bytes.text(at + 8, length));
            }
            at += 8 + length + (length & 1);
        }
    }

    private void walkFrame(long from, long end) throws IOException {
        for (long at = from; at + 8 <= end && image == 0; ) {
            takesPixels(at);
            long length = bytes.u32(at + 4, false);
            at += 8 + length + (length & 1);
        }
    }

    /** Notes the chunk where it is the first of its kind: the picture, or the alpha that stands before it. */
    private void takesPixels(long chunk) throws IOException {
        if (image == 0 && !takesImage(chunk) && bytes.has(chunk, "ALPH")) {
            alpha = chunk;
        }
    }

    /** Where the header of the first frame's {@code ALPH} chunk stands, 0 where it has none; valid after {@link #walk()}. */
    long alpha() {
        return lossless ? 0 : alpha;
    }

    /** Where the header of the first frame's {@code VP8 } or {@code VP8L} chunk stands; valid after {@link #walk()}. */
    long image() {
        return image;
    }

    boolean lossless() {
        return lossless;
    }

    /** The first frame's column on the canvas. */
    int left() {
        return left;
    }

    /** The first frame's row on the canvas. */
    int top() {
        return top;
    }

    /** Size of the first frame's bitstream. */
    Size frameSize() throws IOException {
        return imageSize();
    }
}
