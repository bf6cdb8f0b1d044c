package dev.vitrine.image;

import dev.vitrine.image.vp8.Vp8Decoder;
import dev.vitrine.image.vp8l.Vp8lDecoder;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes the first frame of a WebP file onto its canvas, which is black elsewhere, or white where alpha is composed.
 * Only the frame's own bitstreams reach a decoder; a colour profile is not applied, as in Pillow.
 */
final class WebpDecoder {
    private final boolean composes;

    /** @param composes whether alpha is composed on white; dropped otherwise */
    WebpDecoder(boolean composes) {
        this.composes = composes;
    }

    void decode(byte[] picture, PictureHeader header, Rows rows) throws IOException {
        WebpStructure structure = new WebpStructure(PictureBytes.of(picture));
        structure.size();
        structure.walk();
        Structure.Size frame = structure.frameSize();
        Rows canvas = rows;
        boolean covers = frame.width() == header.width() && frame.height() == header.height();
        byte[] line = new byte[3 * header.width()];
        byte[] empty = new byte[covers ? 0 : 3 * header.width()];
        if (!covers) {
            Arrays.fill(empty, (byte) (composes ? 255 : 0));
            System.arraycopy(empty, 0, line, 0, line.length);
            for (int y = 0; y < structure.top(); y++) {
                rows.row(y, empty, 0);
            }
            canvas = (y, rgb, offset) -> {
                System.arraycopy(rgb, offset, line, 3 * structure.left(), 3 * frame.width());
                rows.row(structure.top() + y, line, 0);
            };
        }
        if (structure.lossless()) {
            decodeLossless(picture, structure, canvas);
        } else {
            decodeLossy(picture, structure, canvas);
        }
        for (int y = structure.top() + frame.height(); y < header.height(); y++) {
            rows.row(y, empty, 0);
        }
    }

    private void decodeLossless(byte[] picture, WebpStructure structure, Rows rows) throws IOException {
        Structure.Size frame = structure.frameSize();
        int data = Math.toIntExact(structure.image() + 8);
        int[] argb = Vp8lDecoder.decode(picture, data, end(picture, data), Interruption::check);
        byte[] rgb = new byte[3 * frame.width()];
        int from = 0;
        for (int y = 0; y < frame.height(); y++) {
            for (int to = 0; to < rgb.length; from++) {
                int colour = argb[from];
                int alpha = composes ? colour >>> 24 : 255;
                for (int shift = 16; shift >= 0; shift -= 8) {
                    int channel = colour >> shift & 0xff;
                    rgb[to++] = (byte) (alpha == 255 ? channel : Transparency.onWhite(channel, alpha));
                }
            }
            rows.row(y, rgb, 0);
        }
    }

    private void decodeLossy(byte[] picture, WebpStructure structure, Rows rows) throws IOException {
        Structure.Size frame = structure.frameSize();
        int data = Math.toIntExact(structure.image() + 8);
        Vp8Decoder decoder = new Vp8Decoder(picture, data, end(picture, data), Interruption::check);
        if (!composes || structure.alpha() == 0) {
            decoder.decode(rows::row);
            return;
        }
        int alphaData = Math.toIntExact(structure.alpha() + 8);
        byte[] alpha = WebpAlpha.decode(picture, alphaData, end(picture, alphaData), frame.width(), frame.height());
        byte[] composed = new byte[3 * frame.width()];
        decoder.decode((y, rgb, offset) -> {
            int from = y * frame.width();
            for (int at = 0; at < composed.length; at++) {
                composed[at] = (byte) Transparency.onWhite(rgb[offset + at] & 0xff, alpha[from + at / 3] & 0xff);
            }
            rows.row(y, composed, 0);
        });
    }

    /** Behind the chunk whose data stands there. */
    private static int end(byte[] picture, int data) throws IOException {
        return Math.toIntExact(data + PictureBytes.of(picture).u32(data - 4L, false));
    }
}
