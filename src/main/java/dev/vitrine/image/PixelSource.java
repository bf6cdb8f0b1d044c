package dev.vitrine.image;

import java.io.IOException;
import java.nio.file.Path;

/** Decodes pictures, turns them upright, and shrinks and crops them to the size that the model takes. */
@FunctionalInterface
public interface PixelSource {

    /**
     * The picture as the model sees it, and where it is asked for as people do.
     *
     * @param header what the file's inspection said
     * @throws UnusablePictureException when the picture is at fault, with a message for whoever sent it
     * @throws IOException when the file cannot be read
     * @throws InterruptedException when interrupted while it waits for its turn or for the pixels
     */
    ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException;
}
