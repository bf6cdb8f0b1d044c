package dev.vitrine.image;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/** A picture ready for the model. Close it once the model has read it, so that its memory serves the next picture. */
public final class PreparedPicture implements AutoCloseable {

    private final PictureHeader header;
    private final Optional<byte[]> thumbnail;
    private final Consumer<FloatBuffer> giveBack;
    private FloatBuffer tensor;

    PreparedPicture(
            PictureHeader header, FloatBuffer tensor, Optional<byte[]> thumbnail, Consumer<FloatBuffer> giveBack) {
        this.header = header;
        this.tensor = tensor;
        this.thumbnail = thumbnail;
        this.giveBack = giveBack;
    }

    /** What the picture said of itself. */
    public PictureHeader header() {
        return header;
    }

    /** A small JPEG of the picture, for people; null where none is made. */
    public byte[] thumbnail() {
        return thumbnail.orElse(null);
    }

    /**
     * The normalised picture, {@code float[3][height][width]} in one direct buffer of native byte order from position 0 to
     * its limit. Only valid until {@link #close()}.
     */
    public synchronized FloatBuffer tensor() {
        if (tensor == null) {
            throw new IllegalStateException("The prepared picture is closed");
        }
        return tensor.duplicate();
    }

    /** Lets go of memory that somebody may still read, so that no other picture is put there. */
    public synchronized void abandon() {
        tensor = null;
    }

    /** Gives the memory back; more than once, or after {@link #abandon()}, does no harm. */
    @Override
    public synchronized void close() {
        if (tensor != null) {
            giveBack.accept(tensor);
            tensor = null;
        }
    }
}
