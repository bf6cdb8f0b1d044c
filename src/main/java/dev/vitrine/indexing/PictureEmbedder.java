package dev.vitrine.indexing;

import dev.vitrine.image.PreparedPicture;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/** Embeds prepared pictures. */
public final class PictureEmbedder {
    private final Generations generations;
    private final Timer times;

    /** @param times how long pictures took, the wait for a batch included */
    public PictureEmbedder(Generations generations, Timer times) {
        this.generations = generations;
        this.times = times;
    }

    /**
     * The vector of a picture; gives the picture's memory back.
     *
     * @param generation whose model the picture was prepared for; null for the one that serves
     * @return L2-normalised, as long as the model has dimensions
     * @throws dev.vitrine.image.UnusablePictureException when the model has no usable vector for this picture
     */
    public float[] embed(@Body PreparedPicture picture, @Variable("generation") Generation generation)
            throws InterruptedException {
        long start = System.nanoTime();
        float[] vector = (generation == null ? generations.serving() : generation).embed(picture);
        times.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        return vector;
    }

    /**
     * The name of the model that made an exchange's vector.
     *
     * @param generation whose model it was; null for the one that serves
     */
    public String model(@Variable("generation") Generation generation) {
        return (generation == null ? generations.serving() : generation).model().name();
    }
}
