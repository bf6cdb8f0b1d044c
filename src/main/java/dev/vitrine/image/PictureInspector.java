package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.DAMAGED;
import static dev.vitrine.image.UnusablePictureException.Reason.EMPTY;
import static dev.vitrine.image.UnusablePictureException.Reason.TOO_LARGE;
import static dev.vitrine.image.UnusablePictureException.Reason.UNSUPPORTED;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells from a picture's header and cheap structure whether it is worth decoding: reads a few kilobytes, allocates
 * nothing that the picture could ask for. Safe for many threads.
 */
public final class PictureInspector {

    /** The formats to send, for messages. */
    private static final String SUPPORTED = "JPEG, PNG, WebP, GIF, BMP or TIFF";

    private final long maxPixels;

    /** @param maxPixels the most pixels (width times height) a picture may have; at least 1 */
    public PictureInspector(long maxPixels) {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("The most pixels a picture may have must be at least 1: " + maxPixels);
        }
        this.maxPixels = maxPixels;
    }

    /**
     * Inspects a file; a few milliseconds whatever its size.
     *
     * @throws UnusablePictureException with the reason {@code EMPTY}, {@code UNSUPPORTED}, {@code TOO_LARGE} or {@code
     *     DAMAGED}, and a message for whoever sent the picture
     * @throws IOException when the file cannot be read, which is not the picture's fault
     */
    public PictureHeader inspect(Path file) throws IOException {
        try (PictureBytes bytes = PictureBytes.open(file)) {
            return inspect(bytes);
        }
    }

    /**
     * Inspects a picture in memory.
     *
     * @throws UnusablePictureException as {@link #inspect(Path)}
     */
    public PictureHeader inspect(byte[] picture) {
        try {
            return inspect(PictureBytes.of(picture));
        } catch (IOException e) {
            throw new IllegalStateException("Reading from memory failed", e);
        }
    }

    private PictureHeader inspect(PictureBytes bytes) throws IOException {
        if (bytes.length() == 0) {
            throw new UnusablePictureException(EMPTY, "The picture is empty (0 bytes). Send the file again.");
        }
        Structure structure = structure(bytes);
        try {
            Structure.Size size = structure.size();
            requireBearable(size);
            return new PictureHeader(structure.format(), size.width(), size.height(), structure.walk());
        } catch (EOFException e) {
            throw new UnusablePictureException(
                    DAMAGED,
                    "The " + structure.format() + " picture is cut off: its end is missing. Send the complete file.",
                    e);
        }
    }

    private void requireBearable(Structure.Size size) {
        long pixels = (long) size.width() * size.height();
        if (pixels > maxPixels) {
            throw new UnusablePictureException(
                    TOO_LARGE,
                    String.format(
                            Locale.ROOT,
                            "The picture has %d x %d = %.1f megapixels; at most %.1f are allowed. Send a smaller one.",
                            size.width(),
                            size.height(),
                            pixels / 1e6,
                            maxPixels / 1e6));
        }
    }

    /** The structure of a supported picture. */
    static Structure structure(PictureBytes bytes) throws IOException {
        if (bytes.has(0, "\u00ff\u00d8")) {
            return new JpegStructure(bytes);
        }
        if (bytes.has(0, "\u0089PNG\r\n\u001a\n")) {
            return new PngStructure(bytes);
        }
        if (bytes.has(0, "GIF87a") || bytes.has(0, "GIF89a")) {
            return new GifStructure(bytes);
        }
        if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) {
            return new WebpStructure(bytes);
        }
        if (bytes.has(0, "II*\0") || bytes.has(0, "MM\0*")) {
            return new TiffStructure(bytes);
        }
        if (BmpStructure.isBmp(bytes)) {
            return new BmpStructure(bytes);
        }
        throw new UnusablePictureException(UNSUPPORTED, describeOther(bytes));
    }

    private static String describeOther(PictureBytes bytes) throws IOException {
        String start = bytes.start(1024);
        String text = start.stripLeading().toLowerCase(Locale.ROOT);
        String asJpeg = " Save or export it as JPEG and send that.";
        if (start.startsWith("ftyp", 4)) {
            String brands = start.substring(8, Math.min(start.length(), 40));
            if (brands.contains("avif") || brands.contains("avis")) {
                return "AVIF pictures are not supported." + asJpeg;
            }
            if (brands.contains("hei") || brands.contains("hev") || brands.contains("mif1")) {
                return "HEIC pictures, as iPhones take them, are not supported." + asJpeg
                        + " (iPhone: Settings, Camera, Formats, Most Compatible.)";
            }
            return "This is a video, not a picture. Send " + SUPPORTED + ".";
        }
        if (start.startsWith("\u00ff\n") || start.startsWith("JXL ", 4)) {
            return "JPEG XL pictures are not supported." + asJpeg;
        }
        if (start.startsWith("\u00ffO\u00ffQ") || start.startsWith("jP  ", 4)) {
            return "JPEG 2000 pictures are not supported." + asJpeg;
        }
        if (start.startsWith("%PDF")) {
            return "This is a PDF document, not a picture. Export the page as PNG or JPEG and send that.";
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return "This is a web page, not a picture. Download the picture itself and send " + SUPPORTED + ".";
        }
        if (text.startsWith("<") && text.contains("<svg")) {
            return "SVG drawings are not supported. Export it as PNG and send that.";
        }
        if (start.startsWith("8BPS")) {
            return "Photoshop files are not supported." + asJpeg;
        }
        if (start.startsWith("II+\0") || start.startsWith("MM\0+")) {
            return "BigTIFF pictures are not supported." + asJpeg;
        }
        if (start.startsWith("PK\u0003\u0004")) {
            return "This is a ZIP archive or an office document, not a picture. Send " + SUPPORTED + ".";
        }
        return "This is not a picture of a supported format. Send " + SUPPORTED + ".";
    }
}
