package dev.vitrine.reindex;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.EncoderPart;
import dev.vitrine.decoder.BoundedPreparer;
import dev.vitrine.decoder.PicturesPart;
import dev.vitrine.index.IndexPart;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.VectorSpace;

/** Loads what a generation is made of. */
public final class GenerationLoader {

    /** A model with what makes pictures ready for it. */
    record Loaded(ClipModel model, BoundedPreparer preparer) {
        void close() {
            model.close();
            preparer.close();
        }
    }

    private final EncoderPart encoder;
    private final PicturesPart pictures;
    private final IndexPart index;

    public GenerationLoader(EncoderPart encoder, PicturesPart pictures, IndexPart index) {
        this.encoder = encoder;
        this.pictures = pictures;
        this.index = index;
    }

    /**
     * Loads a model.
     *
     * @param model as {@code VITRINE_MODEL} names it
     * @throws dev.vitrine.clip.ModelException where it cannot be loaded
     */
    Loaded load(String model) {
        EncoderPart.Another another = encoder.load(model);
        return new Loaded(another.model(), pictures.preparer(another.preprocessing()));
    }

    IndexSet open(int generation, VectorSpace space) {
        return IndexSet.open(index.settings(), generation, space);
    }
}
