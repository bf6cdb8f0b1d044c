package dev.vitrine.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import javax.imageio.IIOException;

/**
 * Reads a decoded image's own samples. {@code BufferedImage.getRGB} would pass grey and CMYK through colour profiles and
 * return other values than those stored; Pillow's {@code convert("RGB")} does not.
 */
final class ImageRows {
    private static final int[] NO_COLOUR = {};

    private ImageRows() {}

    /** Emits all rows as RGB: palettes looked up, grey repeated, alpha dropped, samples brought to 8 bits. */
    static void emit(BufferedImage image, Rows rows) throws IIOException {
        emit(image, Transparency.IGNORE, NO_COLOUR, rows);
    }

    /**
     * Emits all rows as RGB: palettes looked up, grey repeated, samples brought to 8 bits.
     *
     * @param transparency what becomes of alpha
     * @param transparentColour the samples of a colour that is transparent; empty for none
     */
    static void emit(BufferedImage image, Transparency transparency, int[] transparentColour, Rows rows)
            throws IIOException {
        Raster raster = image.getRaster();
        ColorModel colours = image.getColorModel();
        boolean composes = transparency == Transparency.WHITE;
        if (colours instanceof IndexColorModel palette) {
            emitIndexed(raster, palette, composes, rows);
        } else if (composes && colours.hasAlpha() && isAnythingVisible(raster)) {
            emitComposed(raster, colours.isAlphaPremultiplied(), rows);
        } else if (composes && transparentColour.length > 0) {
            emitKeyed(raster, transparentColour, rows);
        } else if (colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
            emitCmyk(raster, rows);
        } else if (raster.getNumBands() >= 3 && isPlainBytes(raster)) {
            emitPlain(raster, rows);
        } else {
            emitSamples(raster, rows);
        }
    }

    private static boolean isPlainBytes(Raster raster) {
        return raster.getSampleModel() instanceof ComponentSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getNumBanks() == 1
                && buffer.getOffset() == 0
                && raster.getParent() == null
                && model.getWidth() == raster.getWidth();
    }

    private static void emitPlain(Raster raster, Rows rows) {
        ComponentSampleModel model = (ComponentSampleModel) raster.getSampleModel();
        byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
        int[] bands = model.getBandOffsets();
        int step = model.getPixelStride();
        byte[] rgb = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            int from = y * model.getScanlineStride();
            for (int to = 0; to < rgb.length; from += step) {
                rgb[to++] = samples[from + bands[0]];
                rgb[to++] = samples[from + bands[1]];
                rgb[to++] = samples[from + bands[2]];
            }
            rows.row(y, rgb, 0);
        }
    }

    private static void emitIndexed(Raster raster, IndexColorModel palette, boolean composes, Rows rows) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        for (int i = 0; composes && i < colours.length; i++) {
            int alpha = colours[i] >>> 24;
            colours[i] = Transparency.onWhite(colours[i] >> 16 & 0xff, alpha) << 16
                    | Transparency.onWhite(colours[i] >> 8 & 0xff, alpha) << 8
                    | Transparency.onWhite(colours[i] & 0xff, alpha);
        }
        int[] indices = new int[raster.getWidth()];
        byte[] rgb = new byte[3 * indices.length];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, indices.length, 1, 0, indices);
            int to = 0;
            for (int index : indices) {
                int colour = index < colours.length ? colours[index] : 0;
                rgb[to++] = (byte) (colour >> 16);
                rgb[to++] = (byte) (colour >> 8);
                rgb[to++] = (byte) colour;
            }
            rows.row(y, rgb, 0);
        }
    }

    private static void emitCmyk(Raster raster, Rows rows) throws IIOException {
        int bands = raster.getNumBands();
        int bits = raster.getSampleModel().getSampleSize(0);
        if (bands < 4 || bits < 8) {
            throw new IIOException("CMYK with " + bands + " bands of " + bits + " bits");
        }
        int[] samples = new int[bands * raster.getWidth()];
        byte[] rgb = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            for (int to = 0, from = 0; to < rgb.length; from += bands) {
                int light = 255 - (samples[from + 3] >> bits - 8);
                for (int ink = 0; ink < 3; ink++) {
                    rgb[to++] = Cmyk.shade(samples[from + ink] >> bits - 8, light);
                }
            }
            rows.row(y, rgb, 0);
        }
    }

    private static void emitSamples(Raster raster, Rows rows) {
        int bands = raster.getNumBands();
        boolean grey = bands < 3;
        int[] sizes = raster.getSampleModel().getSampleSize();
        int[] samples = new int[bands * raster.getWidth()];
        byte[] rgb = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            for (int to = 0, from = 0; to < rgb.length; from += bands) {
                for (int channel = 0; channel < 3; channel++) {
                    int band = grey ? 0 : channel;
                    rgb[to++] = toByte(samples[from + band], sizes[band]);
                }
            }
            rows.row(y, rgb, 0);
        }
    }

    /** More than 8 bits lose the lower ones, as in Pillow; fewer are spread over 0 to 255. */
    private static byte toByte(int sample, int bits) {
        return (byte) (bits >= 8 ? sample >> bits - 8 : sample * 255 / ((1 << bits) - 1));
    }

    /** Some programs leave the alpha of an opaque picture at zero; such a one is shown as if it had none. */
    private static boolean isAnythingVisible(Raster raster) {
        int band = raster.getNumBands() - 1;
        int[] alpha = new int[raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, alpha.length, 1, band, alpha);
            for (int value : alpha) {
                if (value != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The last band is the alpha of the others. */
    private static void emitComposed(Raster raster, boolean multiplied, Rows rows) {
        int bands = raster.getNumBands();
        int[] sizes = raster.getSampleModel().getSampleSize();
        int[] samples = new int[bands * raster.getWidth()];
        byte[] rgb = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            for (int to = 0, from = 0; to < rgb.length; from += bands) {
                int alpha = toByte(samples[from + bands - 1], sizes[bands - 1]) & 0xff;
                for (int channel = 0; channel < 3; channel++) {
                    int band = bands < 4 ? 0 : channel;
                    int value = toByte(samples[from + band], sizes[band]) & 0xff;
                    rgb[to++] = (byte)
                            (multiplied
                                    ? Transparency.multipliedOnWhite(value, alpha)
                                    : Transparency.onWhite(value, alpha));
                }
            }
            rows.row(y, rgb, 0);
        }
    }

    private static void emitKeyed(Raster raster, int[] transparentColour, Rows rows) {
        int bands = raster.getNumBands();
        int[] sizes = raster.getSampleModel().getSampleSize();
        int[] samples = new int[bands * raster.getWidth()];
        byte[] rgb = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, samples);
            for (int to = 0, from = 0; to < rgb.length; from += bands) {
                boolean transparent = true;
                for (int band = 0; band < transparentColour.length && band < bands; band++) {
                    transparent &= samples[from + band] == transparentColour[band];
                }
                for (int channel = 0; channel < 3; channel++) {
                    int band = bands < 3 ? 0 : channel;
                    rgb[to++] = transparent ? (byte) 255 : toByte(samples[from + band], sizes[band]);
                }
            }
            rows.row(y, rgb, 0);
        }
    }
}
