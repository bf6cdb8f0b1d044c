package dev.vitrine.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes the first frame of a GIF file onto its logical screen. Where the frame does not cover the screen, the
 * transparent index or else index 0 shows, as in Pillow; where alpha is composed, white shows there, as in browsers. The
 * JDK's reader sees that frame alone: it copies a comment anew for each of its pieces, of which there may be millions.
 */
final class GifDecoder {

    private final ImageReaderSpi spi;
    private final boolean composes;

    /**
     * @param spi the JDK's own GIF reader
     * @param composes whether what is transparent becomes white
     */
    GifDecoder(ImageReaderSpi spi, boolean composes) {
        this.spi = spi;
        this.composes = composes;
    }

    void decode(byte[] picture, PictureHeader header, Rows rows) throws IOException {
        GifStructure structure = new GifStructure(PictureBytes.of(picture));
        structure.size();
        BufferedImage frame;
        ImageReader reader = spi.createReaderInstance();
        try (ImageInputStream input = new ByteArrayImageInputStream(structure.firstFrame(picture))) {
            reader.setInput(input, true, true);
            frame = reader.read(0);
        } finally {
            reader.dispose();
        }
        if (frame.getWidth() != structure.frameWidth() || frame.getHeight() != structure.frameHeight()) {
            throw new IIOException("The GIF frame has another size than its descriptor");
        }
        byte[] palette = structure.palette();
        int left = structure.left();
        int top = structure.top();
        int[] indices = new int[header.width()];
        int[] frameRow = new int[frame.getWidth()];
        byte[] rgb = new byte[3 * header.width()];
        for (int y = 0; y < header.height(); y++) {
            Arrays.fill(indices, composes ? -1 : structure.background());
            if (y >= top && y < top + frame.getHeight()) {
                frame.getRaster().getSamples(0, y - top, frameRow.length, 1, 0, frameRow);
                System.arraycopy(frameRow, 0, indices, left, frameRow.length);
            }
            int to = 0;
            for (int index : indices) {
                if (index < 0 || composes && index == structure.transparent()) {
                    rgb[to++] = (byte) 255;
                    rgb[to++] = (byte) 255;
                    rgb[to++] = (byte) 255;
                    continue;
                }
                rgb[to++] = palette[3 * index];
                rgb[to++] = palette[3 * index + 1];
                rgb[to++] = palette[3 * index + 2];
            }
            rows.row(y, rgb, 0);
        }
    }
}
