package dev.vitrine.image.vp8;

/** Takes a frame's rows, top to bottom, each exactly once. */
@FunctionalInterface
public interface RowSink {

    /**
     * @param y the row's number, from 0
     * @param rgb holds the row from {@code offset} on, 3 bytes a pixel; only valid during the call
     */
    void row(int y, byte[] rgb, int offset);
}
