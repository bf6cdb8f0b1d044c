package dev.vitrine.image;

/**
 * What a picture says of itself before it is decoded.
 *
 * @param width pixels of a row as stored, before any orientation is applied; at least 1
 * @param height rows as stored; at least 1
 * @param orientation the EXIF (for TIFF: the baseline) tag 274, 1 to 8; 1 where there is none
 */
public record PictureHeader(PictureFormat format, int width, int height, int orientation) {

    /** The media type found from the bytes. */
    public String mediaType() {
        return format.mediaType();
    }

    /** How many pixels the decoded picture has. */
    public long pixels() {
        return (long) width * height;
    }

    /** The header of the same picture shrunk by a factor that divides both sides. */
    PictureHeader reducedBy(int factor) {
        return factor == 1 ? this : new PictureHeader(format, width / factor, height / factor, orientation);
    }
}
