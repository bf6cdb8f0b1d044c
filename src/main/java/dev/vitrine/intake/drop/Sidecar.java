package dev.vitrine.intake.drop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    private static final List<String> MEMBERS = List.of("product_id", "name", "image_id", "metadata");
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
        FieldErrors errors = new FieldErrors();
        Sidecar sidecar = read(file, shown, errors);
        errors.check();
        return sidecar;
    }

    /**
     * The same for who looks at the values, too, before the picture is refused.
     *
     * @param errors gets what is wrong with its members; what is returned has the others then
     * @throws ProblemException when it is no JSON object, or cannot be read
     */
    static Sidecar read(Path file, String shown, FieldErrors errors) {
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
        } catch (NumberFormatException e) {
            throw new ProblemException(400, shown + " has a number with an exponent that is too large", List.of(), e);
        } catch (IOException e) { // no encoding that JSON may have
            throw new ProblemException(400, shown + " is not JSON in UTF-8: " + e.getMessage(), List.of(), e);
        }
        if (!node.isObject()) {
            throw ProblemException.ofField(
                    400, shown, "is not a JSON object; write for example {\"name\":\"Red mug\"}");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                errors.unknown(
                        name,
                        "is no member of " + shown,
                        MEMBERS,
                        "there are " + String.join(", ", MEMBERS) + "; put others into metadata");
            }
        });
        JsonNode metadata = node.get("metadata");
        return new Sidecar(
                text(node, "product_id", shown, errors),
                text(node, "name", shown, errors),
                text(node, "image_id", shown, errors),
                metadata == null || metadata.isNull() ? null : metadata.toString());
    }

    private static String text(JsonNode node, String member, String shown, FieldErrors errors) {
        JsonNode value = node.get(member);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isTextual() || value.isIntegralNumber()) {
            return value.asText();
        }
        errors.add(member, "is not text in " + shown);
        return null;
    }
}
