package dev.vitrine.api;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.http.ProblemException;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** Embeds the words of a search. */
public final class TextEmbedder {
    private final Generations generations;

    public TextEmbedder(Generations generations) {
        this.generations = generations;
    }

    /**
     * The vector of a text, comparable to those of pictures.
     *
     * @param exchange stays with the model: its variable {@code generation} says which
     * @return L2-normalised, as long as the model has dimensions
     * @throws ProblemException 422 where the model has no text tower
     */
    public float[] embed(@Body String text, Exchange exchange) {
        Generation serving = generations.serving();
        exchange.setVariable("generation", serving);
        return embed(text, serving.model());
    }

    static float[] embed(String text, ClipModel model) {
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
