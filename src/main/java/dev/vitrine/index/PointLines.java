package dev.vitrine.index;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.job.Rfc3339;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * Points as lines of JSON, the form in which they leave an index and come into another: a head that says what made the
 * vectors, a line a point, and an end with their number, without which a file is known to be cut off.
 *
 * <pre>
 * {"vitrine_export":1,"model":"clip-vit-b32","fingerprint":"0a…","dimensions":512,"vectors":true}
 * {"product_id":"mug-1","image_id":"main","name":"Mug","version":1768…,"indexed_at":"2026-…","model":"clip-vit-b32",
 *  "metadata":{"brand":"Acme"},"vector":[0.0123,…]}
 * {"vitrine_export_end":1}
 * </pre>
 */
public final class PointLines {
    private static final String FORMAT = "vitrine_export";
    private static final String END = "vitrine_export_end";
    private static final int LATEST = 1;

    private static final String MODEL = "model";
    private static final String FINGERPRINT = "fingerprint";
    private static final String DIMENSIONS = "dimensions";
    private static final String VECTORS = "vectors";
    private static final String VECTOR = "vector";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The first line.
     *
     * @param hasVectors whether each point has its vector
     */
    public record Head(VectorSpace space, boolean hasVectors) {

        /**
         * Returns if the vectors may go into an index.
         *
         * @throws VectorSpaceMismatchException naming both models, where another one made them
         */
        public void admit(VectorSpace here) {
            if (!space.fingerprint().equals(here.fingerprint()) || space.dimensions() != here.dimensions()) {
                throw new VectorSpaceMismatchException("The export is of " + SpaceMemory.named(space)
                        + ", but the model here is " + SpaceMemory.named(here)
                        + "; their vectors cannot be compared. Import it where that model is (VITRINE_MODEL), or send the"
                        + " pictures to this one.");
            }
        }
    }

    private PointLines() {}

    /** The first line, with its end. */
    public static byte[] head(Head head) {
        return line(json -> {
            json.writeNumberField(FORMAT, LATEST);
            json.writeStringField(MODEL, head.space().model());
            json.writeStringField(FINGERPRINT, head.space().fingerprint());
            json.writeNumberField(DIMENSIONS, head.space().dimensions());
            json.writeBooleanField(VECTORS, head.hasVectors());
        });
    }

    /** The line of a point, with its end. */
    public static byte[] point(StoredPoint point) {
        Product product = point.product();
        return line(json -> {
            json.writeStringField("product_id", product.productId());
            json.writeStringField("image_id", product.imageId());
            json.writeStringField("name", product.name());
            json.writeNumberField("version", product.version());
            json.writeStringField("indexed_at", Rfc3339.format(product.indexedAt()));
            json.writeStringField(MODEL, product.model());
            json.writeObjectField("metadata", product.metadata());
            if (point.vector() != null) {
                json.writeArrayFieldStart(VECTOR);
                for (float x : point.vector()) {
                    json.writeNumber(x);
                }
                json.writeEndArray();
            }
        });
    }

    /** The last line, with its end. */
    public static byte[] end(long points) {
        return line(json -> json.writeNumberField(END, points));
    }

    /**
     * The head, where a line is one.
     *
     * @throws IllegalArgumentException where it is one of a later format, or is damaged
     */
    public static Optional<Head> readHead(JsonNode line) {
        if (!line.has(FORMAT)) {
            return Optional.empty();
        }
        if (line.path(FORMAT).asInt() != LATEST) {
            throw new IllegalArgumentException("The export has the format " + line.path(FORMAT)
                    + ", which is newer than this Vitrine, which reads " + LATEST + "; upgrade it");
        }
        String fingerprint = line.path(FINGERPRINT).asText();
        int dimensions = line.path(DIMENSIONS).asInt();
        if (fingerprint.isEmpty() || dimensions < 1) {
            throw new IllegalArgumentException("The first line of the export does not say which model it is of");
        }
        return Optional.of(new Head(
                new VectorSpace(line.path(MODEL).asText("an unnamed model"), fingerprint, dimensions),
                line.path(VECTORS).asBoolean()));
    }

    /** How many points there should have been before a line, where it is the last one. */
    public static Optional<Long> readEnd(JsonNode line) {
        return line.has(END) ? Optional.of(line.path(END).asLong()) : Optional.empty();
    }

    /**
     * Reads the line of a point.
     *
     * @param head the file's first line
     * @return the id as the ids of product and picture give it; the vector is null where the line has none
     * @throws IllegalArgumentException naming what is missing or malformed
     */
    public static StoredPoint read(JsonNode line, Head head) {
        String productId = text(line, "product_id");
        String imageId = text(line, "image_id");
        Product product = new Product(
                productId,
                imageId,
                text(line, "name"),
                instant(text(line, "indexed_at")),
                line.path("version").asLong(),
                head.space().model(),
                metadata(line.path("metadata")));
        return new StoredPoint(
                PointIds.of(productId, imageId).toString(), Admission.product(product), vector(line, head));
    }

    private static float[] vector(JsonNode line, Head head) {
        JsonNode numbers = line.path(VECTOR);
        if (numbers.isMissingNode() && !head.hasVectors()) {
            return null;
        }
        if (numbers.size() != head.space().dimensions()) {
            throw new IllegalArgumentException("vector has " + numbers.size() + " numbers; the export's head says "
                    + head.space().dimensions());
        }
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) numbers.get(i).asDouble(Double.NaN);
        }
        return Admission.vector(vector, head.space());
    }

    private static String text(JsonNode line, String field) {
        if (!line.path(field).isTextual()) {
            throw new IllegalArgumentException(field + " is missing, or is no text");
        }
        return line.path(field).asText();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("indexed_at is no time: " + text, e);
        }
    }

    private static Map<String, Object> metadata(JsonNode object) {
        if (object.isMissingNode() || object.isNull()) {
            return Map.of();
        }
        try {
            return JSON.readerForMapOf(Object.class).readValue(object);
        } catch (IOException e) {
            throw new IllegalArgumentException("metadata is no JSON object", e);
        }
    }

    @FunctionalInterface
    private interface Fields {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static byte[] line(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A point cannot be written as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
