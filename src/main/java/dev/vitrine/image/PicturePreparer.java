package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.TOO_COSTLY;

import dev.vitrine.watchdog.StuckException;
import dev.vitrine.watchdog.Watchdog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a picture's file to a model's input: inspects, decodes, turns upright, resizes, crops and normalises. Safe for
 * many threads; together they decode no more pixels at once than the budget allows.
 */
public final class PicturePreparer {

    private static final Logger LOG = LoggerFactory.getLogger(PicturePreparer.class);
    private static final int POOLED = 64;

    private final PictureInspector inspector;
    private final PictureDecoder decoder;
    private final Preprocessor preprocessor;
    private final boolean reducesLargeJpegs;
    private final PixelBudget budget;
    private final Optional<Watchdog> watchdog;
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
     * @param settings what the model asks for
     * @param maxPixels the most pixels a picture may have; more is refused from the header
     * @param maxPixelsInFlight how many pixels may be decoded at once over all threads; a picture beyond that is decoded
     *     alone
     * @param appliesOrientation whether pictures are turned upright by their EXIF orientation
     * @param reducesLargeJpegs whether JPEGs much larger than needed are shrunk by a whole factor while they are decoded,
     *     to no less than four times the model's size; the tensor keeps a cosine of 0.999 to that of the whole picture
     * @param watchdog gives up on a picture whose decoding does not end
     */
    public PicturePreparer(
            Preprocessing settings,
            long maxPixels,
            long maxPixelsInFlight,
            boolean appliesOrientation,
            boolean reducesLargeJpegs,
            Optional<Watchdog> watchdog) {
        this.watchdog = watchdog;
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
     * <p>A picture that runs out of memory beside others is tried again alone: only when that fails is it at fault.
     *
     * @return to be closed
     * @throws UnusablePictureException when the picture is at fault, with a message for whoever sent it
     * @throws StuckException when too many pictures are stuck in their decoders for another to be begun
     * @throws IOException when the file cannot be read
     * @throws InterruptedException when interrupted while other pictures take up the budget
     */
    public PreparedPicture prepare(Path file) throws IOException, InterruptedException {
        PictureHeader header = inspector.inspect(file);
        try {
            return prepare(file, header, header.pixels());
        } catch (OutOfMemoryError e) {
            LOG.warn("{} ran out of memory while it was decoded and is tried again alone", file.getFileName());
        }
        try {
            return prepare(file, header, Long.MAX_VALUE);
        } catch (OutOfMemoryError e) {
            throw new UnusablePictureException(
                    TOO_COSTLY,
                    "There is not enough memory to decode the picture's " + header.width() + " x " + header.height()
                            + " pixels. Send a smaller one, or give the service more memory.",
                    e);
        }
    }

    /** @param share how much of the budget it takes; given back when the caller's wait ends, however that is */
    private PreparedPicture prepare(Path file, PictureHeader header, long share)
            throws IOException, InterruptedException {
        try (PixelBudget.Share taken = budget.take(share)) {
            byte[] picture = Files.readAllBytes(file);
            return watchdog.isEmpty() ? decode(picture, header) : watchdog.get().call(() -> decode(picture, header));
        } catch (StuckException e) {
            if (!e.isBegun()) {
                throw e;
            }
            throw new UnusablePictureException(
                    TOO_COSTLY,
                    "The " + header.format() + " picture takes too long to decode. Save or export it again.",
                    e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Decoding threw what it never throws", e);
        }
    }

    private PreparedPicture decode(byte[] picture, PictureHeader header) {
        int factor = reducesLargeJpegs && header.format() == PictureFormat.JPEG
                ? BoxReducer.factor(header, preprocessor.settings())
                : 1;
        Resampler resampler = preprocessor.start(header.reducedBy(factor), decoder.turn(header));
        decoder.decode(picture, header, factor == 1 ? resampler : new BoxReducer(header.width(), factor, resampler));
        FloatBuffer tensor = emptyTensor();
        preprocessor.normalise(preprocessor.finish(resampler), tensor);
        return new PreparedPicture(header, tensor.flip(), pool::offer);
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
