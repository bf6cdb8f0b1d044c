package dev.vitrine.api;

import dev.vitrine.http.ProblemException;
import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.indexing.PictureEmbedder;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** Makes one vector of several examples, their {@linkplain WeightedSum weighted sum}. */
public final class ExampleEmbedder {
    private final Generations generations;
    private final PictureEmbedder pictures;
    private final ProductVectors products;

    ExampleEmbedder(Generations generations, PictureEmbedder pictures, ProductVectors products) {
        this.generations = generations;
        this.pictures = pictures;
        this.products = products;
    }

    /**
     * The vector of a query's examples.
     *
     * @param collection whose products are meant; null for the main one
     * @param exchange stays with the model: its variable {@code generation} says which
     * @return of length 1
     * @throws ProblemException 404 naming all products that the index does not hold, 422 where the examples cancel each
     *     other out
     */
    public float[] embed(
            @Variable("query") Searches.Query query, @Variable("collection") String collection, Exchange exchange)
            throws IOException, InterruptedException {
        Generation taken = generations.serving();
        exchange.setVariable("generation", taken);
        List<float[]> vectors = new ArrayList<>();
        List<FieldError> unknown = new ArrayList<>();
        for (Example example : query.examples()) { // products first, as an unknown one costs nothing
            if (example.productId() != null) {
                Optional<float[]> vector = products.of(example.productId(), collection, taken.indexes());
                if (vector.isEmpty()) {
                    unknown.add(new FieldError(
                            ExampleReader.PRODUCTS, "the index holds no product " + example.productId()));
                }
                vectors.add(vector.orElse(null));
            } else {
                vectors.add(null);
            }
        }
        if (!unknown.isEmpty()) {
            throw new ProblemException(404, "products: " + unknown.get(0).detail(), unknown);
        }
        WeightedSum sum = null;
        int pictureNumber = 0;
        for (int i = 0; i < vectors.size(); i++) {
            Example example = query.examples().get(i);
            float[] vector = vectors.get(i);
            if (vector == null) {
                vector = example.text() != null
                        ? TextEmbedder.embed(example.text(), taken.model())
                        : embed(example.picture(), pictureNumber++, taken);
            }
            sum = sum == null ? new WeightedSum(vector.length) : sum;
            sum.add(vector, example.weight());
        }
        return sum.direction()
                .orElseThrow(() -> new ProblemException(
                        422,
                        "With these weights the examples cancel each other out, so that no direction is left to search"
                                + " in; leave one out or change a weight.",
                        List.of()));
    }

    /** @param number of the picture; all but the first came in a field of their own */
    private float[] embed(Path picture, int number, Generation taken) throws IOException, InterruptedException {
        try {
            return pictures.embed(taken.preparer().prepareForSearch(picture), taken);
        } catch (UnusablePictureException e) {
            if (number == 0) {
                throw e;
            }
            String detail = "/" + (number - 1) + " " + e.getMessage();
            int status = PartFailures.problem(e).orElseThrow(() -> e).status();
            throw new ProblemException(
                    status,
                    ExampleReader.IMAGE_FILES + ": " + detail,
                    List.of(new FieldError(ExampleReader.IMAGE_FILES, detail)),
                    e);
        }
    }
}
