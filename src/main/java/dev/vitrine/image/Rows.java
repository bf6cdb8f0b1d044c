package dev.vitrine.image;

/** Takes a picture's rows, top to bottom as stored, each exactly once. */
@FunctionalInterface
interface Rows {

    /**
     * @param y the row's number, from 0
     * @param rgb holds the row from {@code offset} on, 3 bytes a pixel; only valid during the call
     */
    void row(int y, byte[] rgb, int offset);
}
