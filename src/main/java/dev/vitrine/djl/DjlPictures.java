package dev.vitrine.djl;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.vitrine.image.PictureDecoder;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Decodes pictures for DJL as the encoder's pictures are decoded; DJL's own conversion of a file differs for grey, CMYK
 * and rotated pictures. Safe for many threads. Unlike {@link dev.vitrine.image.PicturePreparer} it does not bound how many
 * pixels are decoded at once: that is the number of threads times {@code maxPixels}.
 */
public final class DjlPictures {

    private final PictureDecoder decoder;

    /**
     * @param maxPixels the most pixels (width times height) a picture may have
     * @param appliesExif whether pictures are turned upright by their EXIF orientation
     */
    public DjlPictures(long maxPixels, boolean appliesExif) {
        this.decoder = new PictureDecoder(new PictureInspector(maxPixels), appliesExif);
    }

    /**
     * Decodes a file.
     *
     * @throws dev.vitrine.image.UnusablePictureException when the picture is at fault
     * @throws IOException when the file cannot be read
     */
    public Image decode(Path picture) throws IOException {
        Pixels pixels = decoder.decode(picture);
        BufferedImage image = new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = pixels.rgb();
        int[] row = new int[pixels.width()];
        for (int y = 0, from = 0; y < pixels.height(); y++) {
            for (int x = 0; x < row.length; x++, from += 3) {
                row[x] = (rgb[from] & 0xff) << 16 | (rgb[from + 1] & 0xff) << 8 | rgb[from + 2] & 0xff;
            }
            image.getRaster().setDataElements(0, y, row.length, 1, row);
        }
        return new BufferedImageFactory().fromImage(image);
    }
}
