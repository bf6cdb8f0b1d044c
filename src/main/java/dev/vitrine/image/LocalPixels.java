package dev.vitrine.image;

import static dev.vitrine.image.UnusablePictureException.Reason.TOO_COSTLY;

import dev.vitrine.watchdog.StuckException;
import dev.vitrine.watchdog.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes in this process. Pictures together decode no more pixels at once than a budget allows; one that runs out of
 * memory beside others is tried again alone, and only when that fails is it at fault.
 */
public final class LocalPixels implements PixelSource {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPixels.class);

    private final PictureShrinker shrinker;
    private final PixelBudget budget;
    private final Optional<Watchdog> watchdog;

    /**
     * @param maxPixelsInFlight how many pixels may be decoded at once over all threads; a picture beyond that is decoded
     *     alone
     * @param watchdog gives up on a picture whose decoding does not end; where there is none, pictures are decoded in the
     *     caller's thread
     */
    public LocalPixels(PictureShrinker shrinker, long maxPixelsInFlight, Optional<Watchdog> watchdog) {
        this.shrinker = shrinker;
        this.budget = new PixelBudget(maxPixelsInFlight);
        this.watchdog = watchdog;
    }

    /** @throws StuckException when too many pictures are stuck in their decoders for another to be begun */
    @Override
    public ShrunkPicture shrink(Path file, PictureHeader header) throws IOException, InterruptedException {
        try {
            return shrink(file, header, header.pixels());
        } catch (OutOfMemoryError e) {
            LOG.warn("{} ran out of memory while it was decoded and is tried again alone", file.getFileName());
        }
        try {
            return shrink(file, header, Long.MAX_VALUE);
        } catch (OutOfMemoryError e) {
            throw new UnusablePictureException(
                    TOO_COSTLY,
                    "There is not enough memory to decode the picture's " + header.width() + " x " + header.height()
                            + " pixels. Send a smaller one, or give the service more memory.",
                    e);
        }
    }

    /** @param share how much of the budget it takes; given back when the caller's wait ends, however that is */
    private ShrunkPicture shrink(Path file, PictureHeader header, long share) throws IOException, InterruptedException {
        try (PixelBudget.Share taken = budget.take(share)) {
            byte[] picture = Files.readAllBytes(file);
            return watchdog.isEmpty()
                    ? shrinker.shrink(picture, header)
                    : watchdog.get().call(() -> shrinker.shrink(picture, header));
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
}
