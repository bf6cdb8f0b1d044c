package dev.vitrine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ShopId;
import dev.vitrine.intake.Intake;
import dev.vitrine.job.Job;
import dev.vitrine.spool.OwedProducts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Changes what is said of a picture that is indexed, without embedding it again. */
public final class ProductChanges {
    private static final String ADVICE = "Send for example {\"name\":\"Green mug\",\"metadata\":{\"price\":12.5}}";
    private static final List<String> MEMBERS = List.of("name", "metadata");

    private final ProductCollections indexes;
    private final OwedProducts owed;
    private final Intake intake;
    private final ObjectReader json = new ObjectMapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** @param owed says what waits to be indexed, and would undo a change */
    public ProductChanges(ProductCollections indexes, OwedProducts owed, Intake intake) {
        this.indexes = indexes;
        this.owed = owed;
        this.intake = intake;
    }

    /**
     * Changes the name, the metadata, or both as a request says.
     *
     * @param collection null for the main one
     * @throws ProblemException 404 where the index has no such picture, 409 while an upload of the product waits
     */
    public Products.ProductView change(
            @Header("product_id") String productId,
            @Header("image_id") String imageId,
            @Header(Exchange.CONTENT_TYPE) String contentType,
            @Variable("collection") String collection,
            @Body byte[] body) {
        JsonNode sent = read(contentType, body);
        FieldErrors errors = new FieldErrors();
        sent.fieldNames().forEachRemaining(member -> {
            if (!MEMBERS.contains(member)) {
                errors.unknown(member, "is no member of a change", MEMBERS, "the members are name and metadata");
            }
        });
        JsonNode name = sent.path("name");
        if (name.isTextual()) {
            Intake.checkName(name.textValue().strip(), errors);
        } else if (!name.isMissingNode()) {
            errors.add("name", "is not text");
        }
        JsonNode metadata = sent.path("metadata");
        Map<String, Object> details = null;
        if (metadata.isObject()) {
            details = intake.metadata(metadata.toString(), errors);
        } else if (!metadata.isMissingNode()) {
            errors.add("metadata", "is not a JSON object");
        }
        errors.check();
        return change(
                productId,
                imageId,
                collection,
                name.isMissingNode() ? null : name.textValue().strip(),
                details);
    }

    /**
     * The same, of values that were checked.
     *
     * @param name null to keep it
     * @param metadata null to keep it
     */
    public Products.ProductView change(
            String productId, String imageId, String collection, String name, Map<String, Object> metadata) {
        String product = ShopId.normal(productId);
        String image = ShopId.normal(imageId);
        ProductIndex index = indexes.of(collection);
        if (!ShopId.isOne(product) || !ShopId.isOne(image)) {
            throw unknown(product, image);
        }
        if (owed.contains(Job.productKey(indexes.known(collection), product))) {
            throw new ProblemException(
                    409, "An upload of the product " + product + " waits; change it once that is indexed.", List.of());
        }
        // the same version: an upload that comes meanwhile is newer and stays
        boolean isThere = indexes.change(
                indexes.known(collection),
                product,
                image,
                before -> new Product(
                        before.productId(),
                        before.imageId(),
                        name == null ? before.name() : name,
                        before.indexedAt(),
                        before.version(),
                        before.model(),
                        metadata == null ? before.metadata() : metadata));
        if (!isThere) {
            throw unknown(product, image);
        }
        return Products.view(product, index.find(product));
    }

    private JsonNode read(String contentType, byte[] body) {
        String type = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.startsWith("application/json")) {
            throw new ProblemException(415, "This is " + type + ". " + ADVICE, List.of());
        }
        if (body == null || body.length == 0) {
            throw new ProblemException(400, "The body is empty. " + ADVICE, List.of());
        }
        try {
            JsonNode node = json.readTree(new String(body, StandardCharsets.UTF_8));
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    400, "The body is not JSON: " + e.getOriginalMessage() + ". " + ADVICE, List.of(), e);
        }
        throw new ProblemException(400, "The body is not a JSON object. " + ADVICE, List.of());
    }

    private static ProblemException unknown(String productId, String imageId) {
        return ProblemException.notFound("The index holds no picture " + imageId + " of a product " + productId + ".");
    }
}
