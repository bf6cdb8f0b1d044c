package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.PointLines;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.StoredPoint;
import dev.vitrine.index.VectorSpaceMismatchException;
import dev.vitrine.reindex.MissingPictureException;
import dev.vitrine.reindex.OwedVectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Takes pictures that are embedded already: lines of an export. */
public final class PointImport {
    private static final String TYPE = "application/x-ndjson";

    /** How many pictures were taken; older ones than the index has are among them. */
    public record Imported(@JsonProperty("indexed") int indexed) {}

    private final ProductCollections indexes;
    private final OwedVectors owed;
    private final LongConsumer versions;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param owed sees to what another model must have too
     * @param versions is told the greatest version, to make later uploads of the same pictures newer than these
     */
    public PointImport(ProductCollections indexes, OwedVectors owed, LongConsumer versions) {
        this.indexes = indexes;
        this.owed = owed;
        this.versions = versions;
    }

    /**
     * Puts the pictures of a few lines into the index, all of them or, where one is malformed, none. The first line is that
     * of an export and says which model made the vectors.
     *
     * @param type the body's media type
     * @param collection null for the main one
     * @throws ProblemException 400 naming the line that is malformed, 409 where another model made the vectors or is about to
     *     serve and would lack them, 415 for another kind of body
     */
    public Imported put(
            @Header(Exchange.CONTENT_TYPE) String type, @Variable("collection") String collection, Exchange exchange)
            throws InterruptedException {
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
            throw new ProblemException(
                    415,
                    "Send lines of an export as " + TYPE + "; a picture goes to /index-product-with-image.",
                    List.of());
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        IndexSet serving = indexes.serving(); // one generation for all lines
        List<StoredPoint> points = read(body == null ? "" : new String(body, StandardCharsets.UTF_8), serving);
        String known = indexes.known(collection);
        points.stream().mapToLong(point -> point.product().version()).max().ifPresent(versions);
        for (StoredPoint point : points) {
            serving.of(known).upsert(point.product(), point.vector());
            follow(serving, known, point.product());
        }
        return new Imported(points.size());
    }

    private void follow(IndexSet serving, String collection, Product product) throws InterruptedException {
        try {
            owed.follow(serving, collection, product);
        } catch (MissingPictureException e) {
            throw new ProblemException(
                    409,
                    "The picture " + product.imageId() + " of product " + product.productId() + " " + e.getMessage()
                            + ". Send the picture itself, or import its vector once the build is over or given up.",
                    List.of(),
                    e);
        }
    }

    private List<StoredPoint> read(String body, IndexSet serving) {
        List<String> lines = body.lines().filter(line -> !line.isBlank()).toList();
        List<StoredPoint> points = new ArrayList<>();
        PointLines.Head head = null;
        for (int i = 0; i < lines.size(); i++) {
            try {
                JsonNode line = json.readTree(lines.get(i));
                if (i == 0) {
                    head = PointLines.readHead(line)
                            .orElseThrow(() -> new IllegalArgumentException("is not the first line of an export"));
                    head.admit(serving.space());
                } else if (PointLines.readEnd(line).isEmpty()) {
                    StoredPoint point = PointLines.read(line, head);
                    if (point.vector() == null) {
                        throw new IllegalArgumentException("has no vector; export without --no-vectors");
                    }
                    points.add(point);
                }
            } catch (VectorSpaceMismatchException e) {
                throw new ProblemException(409, e.getMessage(), List.of(), e);
            } catch (JsonProcessingException e) {
                throw bad(i, "is not JSON: " + e.getOriginalMessage());
            } catch (IllegalArgumentException e) {
                throw bad(i, e.getMessage());
            }
        }
        if (head == null) {
            throw bad(0, "is missing; send the first line of an export and then lines of pictures");
        }
        return points;
    }

    private static ProblemException bad(int line, String why) {
        return new ProblemException(400, "Line " + (line + 1) + ": " + why, List.of());
    }
}
