package dev.vitrine.image;

import java.io.Serializable;

/**
 * All that decides what a picture looks like to the model. It can be sent to another process.
 *
 * @param preprocessing what the model asks for
 * @param maxPixels the most pixels a picture may have; more is refused from the header
 * @param appliesOrientation whether pictures are turned upright by their EXIF orientation
 * @param reducesLargeJpegs whether JPEGs much larger than needed are shrunk by a whole factor while they are decoded, to
 *     no less than four times the model's size; the tensor keeps a cosine of 0.999 to that of the whole picture
 * @param transparency what becomes of alpha
 * @param makesThumbnails whether a small picture for people is made besides
 */
public record Preparation(
        Preprocessing preprocessing,
        long maxPixels,
        boolean appliesOrientation,
        boolean reducesLargeJpegs,
        Transparency transparency,
        boolean makesThumbnails)
        implements Serializable {

    /** Makes nothing for people. */
    public Preparation(
            Preprocessing preprocessing,
            long maxPixels,
            boolean appliesOrientation,
            boolean reducesLargeJpegs,
            Transparency transparency) {
        this(preprocessing, maxPixels, appliesOrientation, reducesLargeJpegs, transparency, false);
    }
}
