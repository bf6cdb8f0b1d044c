package dev.vitrine.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes the first frame of a WebP file onto its canvas, black elsewhere. Only the frame's own bitstream reaches the
 * decoder: alpha is dropped anyway, and a colour profile is not applied, as in Pillow.
 *
 * <p>Lossless frames are read by TwelveMonkeys, lossy ones by {@link Vp8Decoder}: TwelveMonkeys 3.13 predicts from
 * filtered samples and repeats chroma, so that its pixels are 3 to 7 off on average, and needs seconds for 12 megapixels.
 */
final class WebpDecoder {

    private final WebPImageReaderSpi spi = new WebPImageReaderSpi();

    void decode(byte[] picture, PictureHeader header, Rows rows) throws IOException {
        PictureBytes bytes = PictureBytes.of(picture);
        WebpStructure structure = new WebpStructure(bytes);
        structure.size();
        structure.walk();
        int chunk = Math.toIntExact(structure.image());
        int length = Math.toIntExact(bytes.u32(chunk + 4L, false));
        Structure.Size frame = structure.frameSize();
        Rows canvas = rows;
        boolean covers = frame.width() == header.width() && frame.height() == header.height();
        byte[] line = new byte[3 * header.width()];
        if (!covers) {
            for (int y = 0; y < structure.top(); y++) {
                rows.row(y, line, 0);
            }
            canvas = (y, rgb, offset) -> {
                System.arraycopy(rgb, offset, line, 3 * structure.left(), 3 * frame.width());
                rows.row(structure.top() + y, line, 0);
            };
        }
        if (structure.lossless()) {
            decodeLossless(picture, chunk, length, canvas);
        } else {
            new Vp8Decoder(picture, chunk + 8, chunk + 8 + length).decode(canvas);
        }
        byte[] black = new byte[covers ? 0 : 3 * header.width()];
        for (int y = structure.top() + frame.height(); y < header.height(); y++) {
            rows.row(y, black, 0);
        }
    }

    private void decodeLossless(byte[] picture, int chunk, int length, Rows rows) throws IOException {
        ImageReader reader = spi.createReaderInstance(null);
        try (ImageInputStream input = new ByteArrayImageInputStream(simpleFile(picture, chunk, length))) {
            reader.setInput(input, true, true);
            ImageRows.emit(reader.read(0), rows);
        } finally {
            reader.dispose();
        }
    }

    /** The frame's chunk as a simple WebP file of its own. */
    private static byte[] simpleFile(byte[] picture, int chunk, int length) throws IOException {
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
