package dev.vitrine.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes JPEG with the JDK's libjpeg, row by row, so that a large picture is never held as a whole. Before, the file is
 * reduced to its coding segments with one marker that names the colours: profiles, thumbnails and comments cannot fail
 * the decoder then, and colours are as libjpeg (thus Pillow) takes them, without the JDK's own guesses.
 */
final class JpegDecoder {

    private static final byte[] JFIF = {
        (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    /** Encoders write about 10; the JDK renders the picture anew for each. */
    private static final int MOST_SCANS = 64;

    private final ImageReaderSpi spi;

    /** @param spi the JDK's own JPEG reader */
    JpegDecoder(ImageReaderSpi spi) {
        this.spi = spi;
    }

    void decode(byte[] picture, PictureHeader header, Rows rows) throws IOException {
        JpegStructure structure = new JpegStructure(PictureBytes.of(picture));
        structure.size();
        JpegStructure.Colour colour = structure.colour();
        if (structure.progressive() && structure.scans() > MOST_SCANS) {
            throw new IIOException("More than " + MOST_SCANS + " scans, each as costly as a picture");
        }
        ImageReader reader = spi.createReaderInstance();
        try (ImageInputStream input = new ByteArrayImageInputStream(codingSegments(picture, colour))) {
            reader.setInput(input, true, true);
            boolean[] cutOff = {false};
            reader.addIIOReadWarningListener((source, warning) ->
                    cutOff[0] |= warning.toLowerCase(java.util.Locale.ROOT).contains("premature end"));
            switch (colour) {
                case GREY, YCBCR, RGB -> {
                    if (structure.progressive()) {
                        Interruption.endsReading(reader);
                        ImageRows.emit(reader.read(0), rows);
                    } else {
                        stream(reader, header, colour == JpegStructure.Colour.GREY, rows);
                    }
                }
                case CMYK, YCCK -> {
                    Interruption.endsReading(reader);
                    Raster raster = reader.readRaster(0, null);
                    emitCmyk(raster, colour == JpegStructure.Colour.YCCK, rows);
                }
            }
            if (cutOff[0]) {
                throw new IIOException("The JPEG picture's data ends too early");
            }
        } finally {
            reader.dispose();
        }
    }

    private static byte[] codingSegments(byte[] picture, JpegStructure.Colour colour) throws IOException {
        PictureBytes bytes = PictureBytes.of(picture);
        ByteArrayOutputStream out = new ByteArrayOutputStream(picture.length + 32);
        out.write(0xff);
        out.write(JpegStructure.SOI);
        switch (colour) {
            case GREY, YCBCR -> out.write(JFIF);
            case RGB, CMYK -> out.write(adobe(0));
            case YCCK -> out.write(adobe(2));
        }
        long at = 2;
        while (true) {
            at = JpegStructure.nextMarker(bytes, at);
            int marker = bytes.u8(at);
            at++;
            if (JpegStructure.isAlone(marker)) {
                continue;
            }
            if (marker == JpegStructure.SOS) {
                out.write(picture, (int) at - 2, picture.length - (int) at + 2);
                // Where the last marker is missing, the reader would complain of that instead of data that is missing.
                out.write(0xff);
                out.write(JpegStructure.EOI);
                return out.toByteArray();
            }
            int length = bytes.u16(at, true);
            boolean remark =
                    marker >= JpegStructure.APP0 && marker <= JpegStructure.APP15 || marker == JpegStructure.COM;
            if (!remark) {
                out.write(0xff);
                out.write(marker);
                out.write(picture, (int) at, length);
            }
            at += length;
        }
    }

    private static byte[] adobe(int transform) {
        return new byte[] {
            (byte) 0xff,
            (byte) JpegStructure.APP14,
            0,
            14,
            'A',
            'd',
            'o',
            'b',
            'e',
            0,
            100,
            0,
            0,
            0,
            0,
            (byte) transform
        };
    }

    private static void stream(ImageReader reader, PictureHeader header, boolean grey, Rows rows) throws IOException {
        int bands = grey ? 1 : 3;
        RowRaster raster =
                new RowRaster(header.width(), header.height(), bands, grey ? new GreyRows(header.width(), rows) : rows);
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(grey ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
                false,
                false,
                Transparency.OPAQUE,
                DataBuffer.TYPE_BYTE);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestination(new BufferedImage(colours, raster, false, null));
        reader.read(0, param);
    }

    /**
     * A raster without pixels that hands on each row the reader sets. The JDK's JPEG reader sets whole rows, once each;
     * whoever takes the rows counts them, so another reader's habits would fail loudly.
     */
    private static final class RowRaster extends WritableRaster {

        private final Rows rows;

        RowRaster(int width, int height, int bands, Rows rows) {
            super(
                    new PixelInterleavedSampleModel(
                            DataBuffer.TYPE_BYTE,
                            width,
                            height,
                            bands,
                            width * bands,
                            bands == 1 ? new int[] {0} : new int[] {0, 1, 2}),
                    new DataBufferByte(1),
                    new Point());
            this.rows = rows;
        }

        @Override
        public void setRect(int x, int y, Raster row) {
            rows.row(y, ((DataBufferByte) row.getDataBuffer()).getData(), 0);
        }
    }

    /** Spreads one grey byte a pixel to three. */
    private static final class GreyRows implements Rows {

        private final byte[] rgb;
        private final Rows rows;

        GreyRows(int width, Rows rows) {
            this.rgb = new byte[3 * width];
            this.rows = rows;
        }

        @Override
        public void row(int y, byte[] grey, int offset) {
            for (int to = 0, from = offset; to < rgb.length; from++) {
                rgb[to++] = grey[from];
                rgb[to++] = grey[from];
                rgb[to++] = grey[from];
            }
            rows.row(y, rgb, 0);
        }
    }

    /**
     * CMYK as Pillow shows it: taken as Adobe writes it, inverted, and mixed without a profile. YCCK is CMYK whose inks
     * went through JFIF's formula from RGB to YCbCr, undone in libjpeg's fixed point of 16 bits.
     */
    private static void emitCmyk(Raster raster, boolean ycck, Rows rows) {
        int width = raster.getWidth();
        byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
        byte[] rgb = new byte[3 * width];
        int from = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int to = 0; to < rgb.length; from += 4) {
                int first = samples[from] & 0xff;
                int second = samples[from + 1] & 0xff;
                int third = samples[from + 2] & 0xff;
                int light = samples[from + 3] & 0xff;
                int cyan = 255 - first;
                int magenta = 255 - second;
                int yellow = 255 - third;
                if (ycck) {
                    int blueness = second - 128;
                    int redness = third - 128;
                    cyan = Cmyk.clip(first + (91881 * redness + 32768 >> 16));
                    magenta = Cmyk.clip(first + (-22554 * blueness - 46802 * redness + 32768 >> 16));
                    yellow = Cmyk.clip(first + (116130 * blueness + 32768 >> 16));
                }
                rgb[to++] = Cmyk.shade(cyan, light);
                rgb[to++] = Cmyk.shade(magenta, light);
                rgb[to++] = Cmyk.shade(yellow, light);
            }
            rows.row(y, rgb, 0);
        }
    }
}
