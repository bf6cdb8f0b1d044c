package dev.vitrine.image;

import java.io.IOException;

/** A format's skeleton: what can be known of a picture without decoding it. */
interface Structure {

    /** Width and height as stored. */
    record Size(int width, int height) {}

    PictureFormat format();

    /** Reads the least that tells the size. */
    Size size() throws IOException;

    /**
     * Walks the rest, which must be all there, and returns the orientation (1 where none is given). Only called after
     * {@link #size()} was found bearable.
     *
     * @throws java.io.EOFException where the picture is cut off
     * @throws UnusablePictureException where the structure is broken or uses what cannot be decoded
     */
    int walk() throws IOException;
}
