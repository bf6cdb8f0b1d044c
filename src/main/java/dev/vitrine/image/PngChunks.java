package dev.vitrine.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/**
 * Reduces a PNG file to the chunks that make its pixels. Profiles and texts, which may inflate to anything, never reach
 * the decoder; a palette's transparency does where it is wanted.
 */
final class PngChunks {

    private static final int PALETTE_COLOURS = 3;

    private PngChunks() {}

    /**
     * The colour that is transparent in a grey or RGB picture (PNG, third edition, 11.3.1.1): a sample, or one each of red,
     * green and blue, as deep as the picture's; empty where there is none.
     */
    static int[] transparentColour(byte[] picture) throws IOException {
        PictureBytes bytes = PictureBytes.of(picture);
        int samples =
                switch (bytes.u8(25)) {
                    case 0 -> 1;
                    case 2 -> 3;
                    default -> 0;
                };
        for (long at = PngStructure.FIRST_CHUNK; samples > 0 && !bytes.has(at + 4, "IDAT"); ) {
            long length = bytes.u32(at, true);
            if (bytes.has(at + 4, "tRNS") && length == 2L * samples) {
                int[] colour = new int[samples];
                for (int i = 0; i < samples; i++) {
                    colour[i] = bytes.u16(at + 8 + 2L * i, true);
                }
                return colour;
            }
            at += 12 + length;
        }
        return new int[0];
    }

    /**
     * @param transparent whether the transparency of a palette is wanted
     * @throws IIOException where one of those chunks does not match its checksum
     */
    static byte[] essential(byte[] picture, boolean transparent) throws IOException {
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
            } else if (bytes.has(at + 4, "IHDR")
                    || bytes.has(at + 4, "IDAT")
                    || indexed && bytes.has(at + 4, "PLTE")
                    || indexed && transparent && bytes.has(at + 4, "tRNS")) {
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
