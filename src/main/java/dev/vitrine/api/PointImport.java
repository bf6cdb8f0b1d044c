package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.PointLines;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.StoredPoint;
import dev.vitrine.index.VectorSpaceMismatchException;
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
    private final LongConsumer versions;
    private final ObjectMapper json = new ObjectMapper();

    /** @param versions is told the greatest version, to make later uploads of the same pictures newer than these */
    public PointImport(ProductCollections indexes, LongConsumer versions) {
        this.indexes = indexes;
        this.versions = versions;
    }

    /**
     * Puts the pictures of a few lines into the index, all of them or, where one is malformed, none. The first line is that
     * of an export and says which model made the vectors.
     *
     * @param type the body's media type
     * @param collection null for the main one
     * @throws ProblemException 400 naming the line that is malformed, 409 where another model made the vectors, 415 for
     *     another kind of body
     */
    public Imported put(
            @Header(Exchange.CONTENT_TYPE) String type, @Variable("collection") String collection, Exchange exchange) {
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
            throw new ProblemException(
                    415,
                    "Send lines of an export as " + TYPE + "; a picture goes to /index-product-with-image.",
                    List.of());
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        IndexSet serving = indexes.serving(); // one generation for all lines
        List<StoredPoint> points = read(body == null ? "" : new String(body, StandardCharsets.UTF_8), serving);
        ProductIndex index = serving.of(indexes.known(collection));
        for (StoredPoint point : points) {
            index.upsert(point.product(), point.vector());
        }
        points.stream().mapToLong(point -> point.product().version()).max().ifPresent(versions);
        return new Imported(points.size());
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
