package dev.vitrine.image;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells the pictures whose decoding costs what their pixels say, whatever else is in the file, from those where the
 * content decides: how often a scan comes, how many tables there are, how a comment is cut.
 */
public final class PlainPictures {
    /** Larger pictures that must be held as a whole while they are decoded are not plain. */
    private static final long MOST_PIXELS_HELD = 4_000_000;

    /**
     * Whether a picture is plain: a JPEG of one sequential scan in grey or three colours, which is decoded row by row in
     * constant memory; a PNG (reduced to its pixels, which inflate to no more than their number), a GIF (reduced to its
     * first frame) or a WebP, whose decoders are our own, each of at most 4 megapixels.
     *
     * @param header what the file's inspection said
     * @throws IOException when the file cannot be read
     */
    public boolean contain(Path file, PictureHeader header) throws IOException {
        return switch (header.format()) {
            case JPEG -> isSequential(file);
            case PNG, WEBP, GIF -> header.pixels() <= MOST_PIXELS_HELD;
            case BMP, TIFF -> false;
        };
    }

    private static boolean isSequential(Path file) throws IOException {
        try (PictureBytes bytes = PictureBytes.open(file)) {
            JpegStructure structure = new JpegStructure(bytes);
            structure.size();
            return switch (structure.colour()) {
                case GREY, YCBCR, RGB -> !structure.progressive() && structure.scans() == 1;
                case CMYK, YCCK -> false;
            };
        } catch (java.io.EOFException e) {
            return false;
        }
    }
}
