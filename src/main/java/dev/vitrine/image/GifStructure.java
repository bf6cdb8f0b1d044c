package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The blocks of a GIF file up to the end of its first frame (GIF89a specification, sections 17 to 24). */
final class GifStructure implements Structure {

    private final PictureBytes bytes;
    private int transparentIndex = -1;
    private long globalPalette = -1;
    private int globalColours;
    private long frame;

    GifStructure(PictureBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public PictureFormat format() {
        return PictureFormat.GIF;
    }

    /** The logical screen, grown where the first frame reaches beyond it. */
    @Override
    public Size size() throws IOException {
        int width = bytes.u16(6, false);
        int height = bytes.u16(8, false);
        frame = findFrame();
        width = Math.max(width, left() + frameWidth());
        height = Math.max(height, top() + frameHeight());
        if (frameWidth() == 0 || frameHeight() == 0) {
            throw new UnusablePictureException(DAMAGED, "The GIF picture's first frame is empty. Save it again.");
        }
        return new Size(width, height);
    }

    private long findFrame() throws IOException {
        int flags = bytes.u8(10);
        long at = 13;
        if ((flags & 0x80) != 0) {
            globalPalette = at;
            globalColours = 2 << (flags & 7);
            at += 3L * globalColours;
        }
        while (true) {
            int block = bytes.u8(at);
            if (block == 0x2c) {
                return at;
            }
            if (block != 0x21) {
                throw new UnusablePictureException(
                        DAMAGED, "The GIF picture holds no readable frame. Save or export it again.");
            }
            if (bytes.u8(at + 1) == 0xf9 && bytes.u8(at + 2) >= 4 && (bytes.u8(at + 3) & 1) != 0) {
                transparentIndex = bytes.u8(at + 6);
            }
            at = endOfSubBlocks(at + 2);
        }
    }

    private long endOfSubBlocks(long start) throws IOException {
        long at = start;
        while (true) {
            int length = bytes.u8(at);
            at += 1 + length;
            if (length == 0) {
                return at;
            }
        }
    }

    @Override
    public int walk() throws IOException {
        endOfSubBlocks(dataStart() + 1);
        return 1;
    }

    /**
     * The file without all that is not its first frame: no extensions, no comments, no further frames. At most 3 bytes of
     * data a pixel and 1 KiB are kept, in blocks of 255 bytes: a code has at most 12 bits and stands for a pixel or more,
     * and twice that many leaves room for a clear code before each. More would only take the reader's time.
     */
    byte[] firstFrame(byte[] file) throws IOException {
        ByteArrayOutputStream rebuilt = new ByteArrayOutputStream();
        rebuilt.write(file, 0, 13 + (globalPalette < 0 ? 0 : 3 * globalColours));
        int from = Math.toIntExact(frame);
        int at = Math.toIntExact(dataStart()) + 1;
        bytes.u8(at);
        rebuilt.write(file, from, at - from);
        byte[] block = new byte[255];
        int filled = 0;
        long left = 3L * frameWidth() * frameHeight() + 1024;
        for (int length = bytes.u8(at); length > 0 && left > 0; length = bytes.u8(at)) {
            for (int i = 1; i <= length; i++) {
                block[filled++] = (byte) bytes.u8(at + i);
                if (filled == block.length) {
                    rebuilt.write(filled);
                    rebuilt.write(block, 0, filled);
                    filled = 0;
                }
            }
            left -= length;
            at += 1 + length;
        }
        if (filled > 0) {
            rebuilt.write(filled);
            rebuilt.write(block, 0, filled);
        }
        rebuilt.write(0);
        rebuilt.write(0x3b);
        return rebuilt.toByteArray();
    }

    int left() throws IOException {
        return bytes.u16(frame + 1, false);
    }

    int top() throws IOException {
        return bytes.u16(frame + 3, false);
    }

    int frameWidth() throws IOException {
        return bytes.u16(frame + 5, false);
    }

    int frameHeight() throws IOException {
        return bytes.u16(frame + 7, false);
    }

    /** Where the first frame's LZW code size stands. */
    private long dataStart() throws IOException {
        int flags = bytes.u8(frame + 9);
        return frame + 10 + ((flags & 0x80) != 0 ? 3L * (2 << (flags & 7)) : 0);
    }

    /** The first frame's colours as 256 red, green, blue triples: the frame's own table, else the global one, else greys. */
    byte[] palette() throws IOException {
        int flags = bytes.u8(frame + 9);
        boolean own = (flags & 0x80) != 0;
        long at = own ? frame + 10 : globalPalette;
        int colours = own ? 2 << (flags & 7) : globalColours;
        byte[] palette = new byte[3 * 256];
        for (int i = 0; i < 256; i++) {
            for (int channel = 0; channel < 3; channel++) {
                palette[3 * i + channel] = (byte) (at < 0 ? i : i < colours ? bytes.u8(at + 3L * i + channel) : 0);
            }
        }
        return palette;
    }

    /** The palette index that is transparent, -1 where none is. */
    int transparent() {
        return transparentIndex;
    }

    /** The palette index that shows where the first frame does not cover the screen. */
    int background() {
        return Math.max(transparentIndex, 0);
    }
}
