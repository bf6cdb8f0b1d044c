package dev.vitrine.indexing;

import dev.vitrine.clip.EncodeTimeoutException;
import dev.vitrine.clip.ImageEncoder;
import dev.vitrine.image.PreparedPicture;

/** Embeds prepared pictures. */
public final class PictureEmbedder {
    private final ImageEncoder encoder;

    public PictureEmbedder(ImageEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * The vector of a picture; gives the picture's memory back.
     *
     * @return L2-normalised, as long as the model has dimensions
     * @throws dev.vitrine.image.UnusablePictureException when the model has no usable vector for this picture
     */
    public float[] embed(PreparedPicture picture) throws InterruptedException {
        try (picture) {
            return encoder.embed(picture.tensor());
        } catch (EncodeTimeoutException | InterruptedException e) {
            picture.abandon(); // the model may read it later
            throw e;
        }
    }
}
