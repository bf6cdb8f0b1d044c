package dev.vitrine.api;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.http.ProblemException;
import java.util.List;
import org.apache.camel.Body;

/** Embeds the words of a search. */
public final class TextEmbedder {
    private final ClipModel model;

    public TextEmbedder(ClipModel model) {
        this.model = model;
    }

    /**
     * The vector of a text, comparable to those of pictures.
     *
     * @return L2-normalised, as long as the model has dimensions
     * @throws ProblemException 422 where the model has no text tower
     */
    public float[] embed(@Body String text) {
        return model.texts()
                .orElseThrow(() -> new ProblemException(
                        422,
                        "The model " + model.name()
                                + " has no text tower; search by picture, or install a model that has one"
                                + " (./vitrine model list).",
                        List.of()))
                .embed(text);
    }
}
