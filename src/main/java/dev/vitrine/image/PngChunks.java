package dev.vitrine.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/**
 * Reduces a PNG file to the chunks that make its pixels. Profiles and texts, which may inflate to anything, never reach
 * the decoder; transparency is left out because it is dropped anyway.
 */
final class PngChunks {

    private static final int PALETTE_COLOURS = 3;

    private PngChunks() {}

    /** @throws IIOException where one of those chunks does not match its checksum */
    static byte[] essential(byte[] picture) throws IOException {
        PictureBytes bytes = PictureBytes.of(picture);
        boolean indexed = bytes.u8(25) == PALETTE_COLOURS;
        ByteArrayOutputStream out = new ByteArrayOutputStream(picture.length);
        out.write(picture, 0, PngStructure.FIRST_CHUNK);
        boolean end = false;
        for (int at = PngStructure.FIRST_CHUNK; !end; ) {
            int length = Math.toIntExact(bytes.u32(at, true));
            end = bytes.has(at + 4, "IEND");
            if (end) {
                out.write(new byte[] {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82});
            } else if (bytes.has(at + 4, "IHDR") || bytes.has(at + 4, "IDAT") || indexed && bytes.has(at + 4, "PLTE")) {
                CRC32 sum = new CRC32();
                sum.update(picture, at + 4, 4 + length);
                if (sum.getValue() != bytes.u32(at + 8L + length, true)) {
                    throw new IIOException("A PNG chunk at byte " + at + " does not match its checksum");
                }
                out.write(picture, at, 12 + length);
            }
            at += 12 + length;
        }
        return out.toByteArray();
    }
}
