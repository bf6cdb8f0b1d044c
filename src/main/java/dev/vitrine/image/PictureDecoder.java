package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes pictures to RGB as Pillow's {@code Image.open(file).convert("RGB")} does, but for alpha where that is wanted, and
 * turns them upright. Works in
 * memory only, never through ImageIO's disk cache. Safe for many threads.
 */
public final class PictureDecoder {

    private static final int MOST_CAUSES = 10;

    private final PictureInspector inspector;
    private final boolean appliesOrientation;
    private final Transparency transparency;
    private final JpegDecoder jpeg = new JpegDecoder(jdkReader("JPEGImageReaderSpi"));
    private final GifDecoder gif;
    private final WebpDecoder webp;
    private final ImageReaderSpi png = jdkReader("PNGImageReaderSpi");
    private final ImageReaderSpi bmp = new BMPImageReaderSpi();
    private final ImageReaderSpi tiff = new TIFFImageReaderSpi();

    /**
     * @param inspector refuses what is not worth decoding
     * @param appliesOrientation whether EXIF orientation is applied; TIFF's own always is, for it is part of the format
     * @param transparency what becomes of alpha
     */
    public PictureDecoder(PictureInspector inspector, boolean appliesOrientation, Transparency transparency) {
        this.inspector = inspector;
        this.appliesOrientation = appliesOrientation;
        this.transparency = transparency;
        this.gif = new GifDecoder(jdkReader("GIFImageReaderSpi"), transparency == Transparency.WHITE);
        this.webp = new WebpDecoder(transparency == Transparency.WHITE);
    }

    /** Drops alpha, as the reference does. */
    public PictureDecoder(PictureInspector inspector, boolean appliesOrientation) {
        this(inspector, appliesOrientation, Transparency.IGNORE);
    }

    private static ImageReaderSpi jdkReader(String name) {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        spi -> spi.getClass().getName().startsWith("com.sun.imageio.")
                                && spi.getClass().getSimpleName().equals(name),
                        false);
        if (!found.hasNext()) {
            throw new IllegalStateException("This Java has no " + name
                    + "; use a JDK or JRE with the module java.desktop (not headless-minimal)");
        }
        return found.next();
    }

    /**
     * Decodes a file.
     *
     * @throws UnusablePictureException when the picture is at fault
     * @throws IOException when the file cannot be read
     */
    public Pixels decode(Path file) throws IOException {
        inspector.inspect(file);
        return decode(Files.readAllBytes(file));
    }

    /**
     * Decodes a picture in memory.
     *
     * @throws UnusablePictureException when the picture is at fault
     */
    public Pixels decode(byte[] picture) {
        PictureHeader header = inspector.inspect(picture);
        byte[] rgb = rgbBuffer(header);
        int stride = 3 * header.width();
        try {
            decode(picture, header, (y, row, offset) -> System.arraycopy(row, offset, rgb, y * stride, stride));
        } catch (OutOfMemoryError e) {
            throw new UnusablePictureException(
                    UnusablePictureException.Reason.TOO_COSTLY,
                    "There is not enough memory to decode the picture. Send a smaller one.",
                    e);
        }
        return new Pixels(header.width(), header.height(), rgb).upright(turn(header));
    }

    private static byte[] rgbBuffer(PictureHeader header) {
        long bytes = 3 * header.pixels();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new UnusablePictureException(
                    UnusablePictureException.Reason.TOO_LARGE,
                    "The picture has too many pixels to be decoded at once. Send a smaller one.");
        }
        return new byte[(int) bytes];
    }

    /** What turns a picture upright under this decoder's settings. */
    Orientation turn(PictureHeader header) {
        boolean applies = appliesOrientation || header.format() == PictureFormat.TIFF;
        return Orientation.of(applies ? header.orientation() : 1);
    }

    /**
     * Decodes an inspected picture row by row as stored. Ends early when its thread is interrupted.
     *
     * @throws CancellationException when its thread is interrupted
     * @throws OutOfMemoryError when the picture, or all that are decoded at once, take too much
     * @throws UnusablePictureException with the reason {@code DAMAGED} and the decoder's failure, of whatever kind, as the
     *     cause
     */
    void decode(byte[] picture, PictureHeader header, Rows rows) {
        RowCheck check = new RowCheck(header.height(), rows);
        try {
            switch (header.format()) {
                case JPEG -> jpeg.decode(picture, header, check);
                case GIF -> gif.decode(picture, header, check);
                case WEBP -> webp.decode(picture, header, check);
                case PNG -> {
                    boolean composes = transparency == Transparency.WHITE;
                    read(
                            png,
                            PngChunks.essential(picture, composes),
                            composes ? PngChunks.transparentColour(picture) : new int[0],
                            header,
                            check);
                }
                case BMP -> read(bmp, picture, new int[0], header, check);
                case TIFF -> read(tiff, picture, new int[0], header, check);
            }
            check.requireAll();
        } catch (UnusablePictureException | CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throwIfOutOfMemory(e);
            throw new UnusablePictureException(
                    DAMAGED,
                    "The " + header.format() + " picture is damaged and cannot be read. Save or export it again.",
                    e);
        }
    }

    /** Readers hand on an OutOfMemoryError as the cause of an exception that speaks of a bad picture. */
    private static void throwIfOutOfMemory(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof OutOfMemoryError error) {
                throw error;
            }
            cause = cause.getCause();
        }
    }

    private void read(ImageReaderSpi spi, byte[] picture, int[] transparentColour, PictureHeader header, Rows rows)
            throws IOException {
        BufferedImage image;
        ImageReader reader = spi.createReaderInstance();
        try (ImageInputStream input = new ByteArrayImageInputStream(picture)) {
            reader.setInput(input, true, true);
            Interruption.endsReading(reader);
            image = reader.read(0);
        } finally {
            reader.dispose();
        }
        Interruption.check();
        if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
            throw new IOException("Decoded " + image.getWidth() + " x " + image.getHeight() + " pixels instead of "
                    + header.width() + " x " + header.height());
        }
        ImageRows.emit(image, transparency, transparentColour, rows);
    }

    /** Sees to it that each row comes once and in order. */
    private static final class RowCheck implements Rows {

        private final int height;
        private final Rows rows;
        private int next;

        RowCheck(int height, Rows rows) {
            this.height = height;
            this.rows = rows;
        }

        @Override
        public void row(int y, byte[] rgb, int offset) {
            Interruption.check();
            if (y != next) {
                throw new IllegalStateException("Row " + y + " came when " + next + " was due");
            }
            next++;
            rows.row(y, rgb, offset);
        }

        void requireAll() throws IOException {
            if (next != height) {
                throw new IOException("Only " + next + " of " + height + " rows could be read");
            }
        }
    }
}
