package dev.vitrine.intake.drop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vitrine.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The JSON beside a picture.
 *
 * @param productId null where the file's name gives it
 * @param name the product's name; null where it is not given
 * @param imageId null where it is not given
 * @param metadata a JSON object as text; null where it is not given
 */
record Sidecar(String productId, String name, String imageId, String metadata) {
    /** The most bytes of one; metadata may have 16 KB. */
    static final int MAX_BYTES = 64 * 1024;

    private static final Set<String> MEMBERS = Set.of("product_id", "name", "image_id", "metadata");
    /** Numbers stay as they are written: 1e999 as a double would become the text "Infinity". */
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build()
            .readerFor(JsonNode.class);

    /** None: everything comes from the file's name. */
    static final Sidecar NONE = new Sidecar(null, null, null, null);

    /**
     * Reads one, and of a longer file no more than the limit.
     *
     * @param shown how messages call it
     * @throws ProblemException when it is not as docs/drop-folder.md says, or cannot be read
     */
    static Sidecar read(Path file, String shown) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ProblemException(400, shown + " " + Refusals.cannot("be read", e), List.of(), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw ProblemException.ofField(413, shown, "has more than " + MAX_BYTES / 1024 + " KB. Write less into it");
        }
        JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ProblemException(400, shown + " is not JSON: " + e.getOriginalMessage(), List.of(), e);
        } catch (IOException e) { // no encoding that JSON may have
            throw new ProblemException(400, shown + " is not JSON in UTF-8: " + e.getMessage(), List.of(), e);
        }
        if (!node.isObject()) {
            throw ProblemException.ofField(
                    400, shown, "is not a JSON object; write for example {\"name\":\"Red mug\"}");
        }
        requireKnown(node, shown);
        JsonNode metadata = node.get("metadata");
        return new Sidecar(
                text(node, "product_id", shown),
                text(node, "name", shown),
                text(node, "image_id", shown),
                metadata == null || metadata.isNull() ? null : metadata.toString());
    }

    private static void requireKnown(JsonNode node, String shown) {
        List<String> unknown = new ArrayList<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!MEMBERS.contains(name)) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            String names = String.join(", ", unknown.subList(0, Math.min(5, unknown.size())));
            throw ProblemException.ofField(
                    400,
                    shown,
                    "has members that are not known: " + names
                            + ". Known are product_id, name, image_id and metadata; put others into metadata");
        }
    }

    private static String text(JsonNode node, String member, String shown) {
        JsonNode value = node.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isTextual() || value.isIntegralNumber()) {
            return value.asText();
        }
        throw ProblemException.ofField(400, shown, member + " is not text");
    }
}
