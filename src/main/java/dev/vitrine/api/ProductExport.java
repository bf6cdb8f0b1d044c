package dev.vitrine.api;

import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Gives out what an index holds, as lines of JSON. */
public final class ProductExport {
    private final ProductCollections indexes;

    public ProductExport(ProductCollections indexes) {
        this.indexes = indexes;
    }

    /**
     * Makes the message a stream of lines, which is read from the index page by page while the client takes it, so that any
     * number of points takes the memory of a page.
     *
     * @param filter JSON text, or null; pictures that do not meet it are left out
     * @param vectors {@code false} for none; null for {@code true}
     * @param collection null for the main one
     * @throws ProblemException 400 for a bad parameter
     * @see dev.vitrine.index.PointLines
     */
    public void open(
            @Header("filter") String filter,
            @Header("vectors") String vectors,
            @Variable("collection") String collection,
            Exchange exchange) {
        FieldErrors errors = new FieldErrors();
        Filter wanted = errors.read(() -> FilterReader.read(filter).orElse(null));
        Boolean withVectors = errors.read(() -> withVectors(vectors));
        errors.check();
        ProductIndex index = indexes.serving().of(indexes.known(collection)); // one model's from beginning to end
        index.admit(wanted); // while there can still be an answer that says so
        InputStream lines = new ExportStream(index, wanted, withVectors);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-ndjson");
        exchange.getMessage().setBody(lines);
    }

    static boolean withVectors(String text) {
        if (text == null || text.equals("true")) {
            return true;
        }
        if (text.equals("false")) {
            return false;
        }
        throw ProblemException.ofField(400, "vectors", "is neither true nor false");
    }
}
