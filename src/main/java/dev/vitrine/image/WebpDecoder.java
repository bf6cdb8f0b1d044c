package dev.vitrine.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes the first frame of a WebP file onto its canvas, black elsewhere. Only the frame's own bitstream reaches the
 * decoder: alpha is dropped anyway, and a colour profile is not applied, as in Pillow.
 */
final class WebpDecoder {

    private final WebPImageReaderSpi spi = new WebPImageReaderSpi();

    void decode(byte[] picture, PictureHeader header, Rows rows) throws IOException {
        WebpStructure structure = new WebpStructure(PictureBytes.of(picture));
        structure.size();
        structure.walk();
        BufferedImage frame;
        ImageReader reader = spi.createReaderInstance(null);
        try (ImageInputStream input = new ByteArrayImageInputStream(bitstream(picture, (int) structure.image()))) {
            reader.setInput(input, true, true);
            frame = reader.read(0);
        } finally {
            reader.dispose();
        }
        if (frame.getWidth() == header.width() && frame.getHeight() == header.height()) {
            ImageRows.emit(frame, rows);
            return;
        }
        byte[] black = new byte[3 * header.width()];
        byte[] line = new byte[3 * header.width()];
        for (int y = 0; y < structure.top(); y++) {
            rows.row(y, black, 0);
        }
        ImageRows.emit(frame, (y, rgb, offset) -> {
            System.arraycopy(rgb, offset, line, 3 * structure.left(), 3 * frame.getWidth());
            rows.row(structure.top() + y, line, 0);
        });
        for (int y = structure.top() + frame.getHeight(); y < header.height(); y++) {
            rows.row(y, black, 0);
        }
    }

    /** The frame's chunk as a simple WebP file of its own. */
    private static byte[] bitstream(byte[] picture, int chunk) throws IOException {
        int length = Math.toIntExact(PictureBytes.of(picture).u32(chunk + 4, false));
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 24);
        out.write("RIFF".getBytes(StandardCharsets.US_ASCII));
        int size = 12 + length + (length & 1);
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(size >> shift);
        }
        out.write("WEBP".getBytes(StandardCharsets.US_ASCII));
        out.write(picture, chunk, 8 + length);
        if ((length & 1) != 0) {
            out.write(0);
        }
        return out.toByteArray();
    }
}
