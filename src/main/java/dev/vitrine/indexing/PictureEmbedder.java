package dev.vitrine.indexing;

import dev.vitrine.clip.EncodeTimeoutException;
import dev.vitrine.clip.ImageEncoder;
import dev.vitrine.image.PreparedPicture;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Embeds prepared pictures. */
public final class PictureEmbedder {
    private final ImageEncoder encoder;
    private final Timer times;

    /** @param times how long pictures took, the wait for a batch included */
    public PictureEmbedder(ImageEncoder encoder, Timer times) {
        this.encoder = encoder;
        this.times = times;
    }

    /**
     * The vector of a picture; gives the picture's memory back.
     *
     * @return L2-normalised, as long as the model has dimensions
     * @throws dev.vitrine.image.UnusablePictureException when the model has no usable vector for this picture
     */
    public float[] embed(PreparedPicture picture) throws InterruptedException {
        try (picture) {
            long start = System.nanoTime();
            float[] vector = encoder.embed(picture.tensor());
            times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            return vector;
        } catch (EncodeTimeoutException | InterruptedException e) {
            picture.abandon(); // the model may read it later
            throw e;
        }
    }
}
