package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.UUID;

/**
 * A job as it was accepted; the JSON of the spool holds exactly this.
 *
 * @param id time-ordered UUID (version 7), also the name of the spool files
 * @param productId the shop's own id of the product
 * @param imageId which picture of the product, {@code main} unless the client says otherwise
 * @param name the product's name as people read it
 * @param metadata a JSON object kept in the payload of the point; empty where the client sent none
 * @param version when it was accepted, ms since the epoch, no two alike; of two jobs for one picture the greater version wins
 * @param contentType media type of the picture, found from its bytes
 * @param collection where the point goes; null, and not in the JSON, for the main collection
 * @param callbackUrl is told of the job's end; null, and not in the JSON, for nobody
 * @param traceparent ties the work on it to the trace of its upload, as the W3C's header of this name; null, and not in the
 *     JSON, where nothing is traced
 */
@JsonIgnoreProperties(ignoreUnknown = true) // of a version before or after this one
public record Job(
        @JsonProperty("job_id") String id,
        @JsonProperty("product_id") String productId,
        @JsonProperty("image_id") String imageId,
        @JsonProperty("name") String name,
        @JsonProperty("metadata") Map<String, Object> metadata,
        @JsonProperty("version") long version,
        @JsonProperty("content_type") String contentType,
        @JsonProperty("collection") @JsonInclude(JsonInclude.Include.NON_NULL) String collection,
        @JsonProperty("callback_url") @JsonInclude(JsonInclude.Include.NON_NULL) String callbackUrl,
        @JsonProperty("traceparent") @JsonInclude(JsonInclude.Include.NON_NULL) String traceparent) {
    private static final int TIME_ORDERED = 7;

    /** A job that is not traced. */
    public Job(
            String id,
            String productId,
            String imageId,
            String name,
            Map<String, Object> metadata,
            long version,
            String contentType,
            String collection,
            String callbackUrl) {
        this(id, productId, imageId, name, metadata, version, contentType, collection, callbackUrl, null);
    }

    /** A job of whose end nobody is told. */
    public Job(
            String id,
            String productId,
            String imageId,
            String name,
            Map<String, Object> metadata,
            long version,
            String contentType,
            String collection) {
        this(id, productId, imageId, name, metadata, version, contentType, collection, null);
    }

    /** A job of the main collection. */
    public Job(
            String id,
            String productId,
            String imageId,
            String name,
            Map<String, Object> metadata,
            long version,
            String contentType) {
        this(id, productId, imageId, name, metadata, version, contentType, null, null);
    }

    /** The same job, tied to a trace. */
    public Job traced(String header) {
        return new Job(id, productId, imageId, name, metadata, version, contentType, collection, callbackUrl, header);
    }

    /** When a job was accepted, ms since the epoch, as its time-ordered id says; −1 for an id of another kind. */
    public static long acceptedAt(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            return uuid.version() == TIME_ORDERED ? uuid.getMostSignificantBits() >>> 16 : -1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    /** The product among those of all collections. */
    public String productKey() {
        return productKey(collection, productId);
    }

    /**
     * A product among those of all collections: no two share a key. A slash parts collection and id, so one within the id
     * is escaped, and the escape itself; other ids, which is all there were once, stand as they are.
     *
     * @param collection null for the main one; its name holds no slash
     */
    public static String productKey(String collection, String productId) {
        String escaped = productId.replace("%", "%25").replace("/", "%2F");
        return collection == null ? escaped : collection + "/" + escaped;
    }

    /** The picture among those of all products and collections. */
    public String pictureKey() {
        return pictureKey(productKey(), imageId);
    }

    /** A picture among those of all products and collections. No product id holds a NUL. */
    public static String pictureKey(String productKey, String imageId) {
        return productKey + '\0' + imageId;
    }
}
