package dev.vitrine.indexing;

import dev.vitrine.image.PreparedPicture;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.camel.Exchange;

/**
 * Makes pictures ready for the model that serves, and has the exchange stay with that model: the variable {@code generation}
 * says which it is until the vector is in the index or was searched for.
 */
public final class Preparer {
    private static final String GENERATION = "generation";

    private final Generations generations;

    public Preparer(Generations generations) {
        this.generations = generations;
    }

    /**
     * Prepares a picture that is to be indexed.
     *
     * @return to be closed
     * @see dev.vitrine.decoder.BoundedPreparer#prepare
     */
    public PreparedPicture prepare(Path file, Exchange exchange) throws IOException, InterruptedException {
        Generation serving = generations.serving();
        exchange.setVariable(GENERATION, serving);
        return serving.preparer().prepare(file);
    }

    /**
     * Prepares a picture that somebody waits for, and searched for.
     *
     * @return to be closed
     * @see dev.vitrine.decoder.BoundedPreparer#prepareForSearch
     */
    public PreparedPicture prepareForSearch(Path file, Exchange exchange) throws IOException, InterruptedException {
        Generation serving = generations.serving();
        exchange.setVariable(GENERATION, serving);
        return serving.preparer().prepareForSearch(file);
    }
}
