package dev.vitrine.reindex;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.EncodeTimeoutException;
import dev.vitrine.decoder.BoundedPreparer;
import dev.vitrine.image.PreparedPicture;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.VectorSpace;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model, loaded, with the collections that it fills.
 *
 * @param preparer makes pictures ready for this model
 */
public record Generation(ClipModel model, BoundedPreparer preparer, IndexSet indexes) {

    /** What vectors of a model can be compared with. */
    public static VectorSpace space(ClipModel model) {
        return new VectorSpace(model.name(), model.fingerprint(), model.dimensions());
    }

    /**
     * The vector of a prepared picture; gives the picture's memory back.
     *
     * @return L2-normalised, as long as the model has dimensions
     * @throws dev.vitrine.image.UnusablePictureException when the model has no usable vector for this picture
     */
    public float[] embed(PreparedPicture picture) throws InterruptedException {
        try (picture) {
            return model.images().embed(picture.tensor());
        } catch (EncodeTimeoutException | InterruptedException e) {
            picture.abandon(); // the model may read it later
            throw e;
        }
    }

    /**
     * The vector of a picture.
     *
     * @throws dev.vitrine.image.UnusablePictureException when the picture is at fault
     * @throws IOException when the file cannot be read
     */
    public float[] embed(Path picture) throws IOException, InterruptedException {
        return embed(preparer.prepare(picture));
    }
}
