package dev.vitrine.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * From a picture's file to a model's input: inspects, decodes, turns upright, resizes, crops and normalises. Safe for
 * many threads; together they decode no more pixels at once than the budget allows.
 */
public final class PicturePreparer {

    private static final int POOLED = 64;

    private final PictureInspector inspector;
    private final PictureDecoder decoder;
    private final Preprocessor preprocessor;
    private final boolean reducesLargeJpegs;
    private final PixelBudget budget;
    private final BlockingQueue<FloatBuffer> pool = new ArrayBlockingQueue<>(POOLED);

    /**
     * @param settings what the model asks for
     * @param maxPixels the most pixels a picture may have; more is refused from the header
     * @param maxPixelsInFlight how many pixels may be decoded at once over all threads; a picture beyond that is decoded
     *     alone
     * @param appliesOrientation whether pictures are turned upright by their EXIF orientation
     * @param reducesLargeJpegs whether JPEGs much larger than needed are shrunk by a whole factor while they are decoded,
     *     to no less than four times the model's size; the tensor keeps a cosine of 0.999 to that of the whole picture
     */
    public PicturePreparer(
            Preprocessing settings,
            long maxPixels,
            long maxPixelsInFlight,
            boolean appliesOrientation,
            boolean reducesLargeJpegs) {
        this.reducesLargeJpegs = reducesLargeJpegs;
        this.inspector = new PictureInspector(maxPixels);
        this.decoder = new PictureDecoder(inspector, appliesOrientation);
        this.preprocessor = new Preprocessor(settings);
        this.budget = new PixelBudget(maxPixelsInFlight);
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
     * @throws InterruptedException when interrupted while other pictures take up the budget
     */
    public PreparedPicture prepare(Path file) throws IOException, InterruptedException {
        PictureHeader header = inspector.inspect(file);
        PixelBudget.Share share = budget.take(header.pixels());
        try {
            byte[] picture = Files.readAllBytes(file);
            int factor = reducesLargeJpegs && header.format() == PictureFormat.JPEG
                    ? BoxReducer.factor(header, preprocessor.settings())
                    : 1;
            Resampler resampler = preprocessor.start(header.reducedBy(factor), decoder.turn(header));
            decoder.decode(
                    picture, header, factor == 1 ? resampler : new BoxReducer(header.width(), factor, resampler));
            FloatBuffer tensor = emptyTensor();
            preprocessor.normalise(preprocessor.finish(resampler), tensor);
            return new PreparedPicture(header, tensor.flip(), pool::offer);
        } finally {
            share.close();
        }
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

    /** What a model input is made by, for the fingerprint of a vector space: the settings and the EXIF choice. */
    public String canonical() {
        return preprocessor.settings().canonical() + "|exif=" + (decoder.appliesOrientation() ? "applied" : "ignored");
    }
}
