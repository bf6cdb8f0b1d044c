package dev.vitrine.image;

import dev.vitrine.watchdog.Watchdog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * From a picture's file to a model's input: inspects, decodes, turns upright, resizes, crops and normalises. Safe for
 * many threads.
 */
public final class PicturePreparer {
    private static final int POOLED = 16;

    private final PictureInspector inspector;
    private final PixelSource source;
    private final Preprocessor preprocessor;
    private final BlockingQueue<FloatBuffer> pool = new ArrayBlockingQueue<>(POOLED);

    /** Like the other one, without a deadline: decodes in the caller's thread. */
    public PicturePreparer(
            Preprocessing settings,
            long maxPixels,
            long maxPixelsInFlight,
            boolean appliesOrientation,
            boolean reducesLargeJpegs) {
        this(settings, maxPixels, maxPixelsInFlight, appliesOrientation, reducesLargeJpegs, Optional.empty());
    }

    /**
     * Decodes in this process and drops alpha; see {@link Preparation} and {@link LocalPixels}.
     *
     * @param maxPixelsInFlight how many pixels may be decoded at once over all threads; a picture beyond that is decoded
     *     alone
     * @param watchdog gives up on a picture whose decoding does not end
     */
    public PicturePreparer(
            Preprocessing settings,
            long maxPixels,
            long maxPixelsInFlight,
            boolean appliesOrientation,
            boolean reducesLargeJpegs,
            Optional<Watchdog> watchdog) {
        this(
                new Preparation(settings, maxPixels, appliesOrientation, reducesLargeJpegs, Transparency.IGNORE),
                maxPixelsInFlight,
                watchdog);
    }

    private PicturePreparer(Preparation preparation, long maxPixelsInFlight, Optional<Watchdog> watchdog) {
        this(preparation, new LocalPixels(new PictureShrinker(preparation), maxPixelsInFlight, watchdog));
    }

    /** @param source decodes and shrinks as the preparation says */
    public PicturePreparer(Preparation preparation, PixelSource source) {
        this.source = source;
        this.inspector = new PictureInspector(preparation.maxPixels());
        this.preprocessor = new Preprocessor(preparation.preprocessing());
    }

    /** The most pixels in flight that this JVM's heap bears: 16 bytes for each, which no format here exceeds. */
    public static long pixelsThatFit() {
        return Math.max(1, Runtime.getRuntime().maxMemory() / 16);
    }

    /** Refuses what cannot be prepared without decoding it; see {@link PictureInspector#inspect(Path)}. */
    public PictureHeader inspect(Path file) throws IOException {
        return inspector.inspect(file);
    }

    /**
     * Prepares a file.
     *
     * @return to be closed
     * @throws UnusablePictureException when the picture is at fault, with a message for whoever sent it
     * @throws IOException when the file cannot be read
     * @throws InterruptedException when interrupted while it waits for its turn
     */
    public PreparedPicture prepare(Path file) throws IOException, InterruptedException {
        PictureHeader header = inspector.inspect(file);
        ShrunkPicture shrunk = source.shrink(file, header);
        FloatBuffer tensor = emptyTensor();
        preprocessor.normalise(shrunk.pixels(), tensor);
        return new PreparedPicture(header, tensor.flip(), shrunk.thumbnail(), pool::offer);
    }

    private FloatBuffer emptyTensor() {
        FloatBuffer pooled = pool.poll();
        return pooled != null
                ? pooled.clear()
                : ByteBuffer.allocateDirect(Float.BYTES * preprocessor.floats())
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
    }

    /** How many floats a tensor has: 3 times height times width. */
    public int floats() {
        return preprocessor.floats();
    }
}
