package dev.vitrine.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ProblemException;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.Metadata;
import dev.vitrine.index.ShopId;
import dev.vitrine.index.UnicodeText;
import dev.vitrine.job.Job;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** Checks what comes in, whatever way it came, and makes a job of it. */
public final class Intake {
    /** The fields of an upload beside its file. */
    public static final List<String> FIELDS = List.of("product_id", "name", "image_id", "metadata", "callback_url");

    private static final String NO_OBJECT = "is not a JSON object; send for example {\"colour\":\"red\"}";
    private static final int MAX_NAME_CHARS = 1_000;
    private static final int MAX_METADATA_BYTES = 16 * 1024;

    /** Gives an upload of a picture the version by which it is newer than all that were accepted before it. */
    @FunctionalInterface
    public interface Order {
        long next(String collection, String productId, String imageId);
    }

    private record Values(
            String productId, String imageId, String name, Map<String, Object> metadata, String callbackUrl) {}

    private final PictureInspector inspector;
    private final long maxPictureBytes;
    private final UnaryOperator<String> collections;
    private final Function<String, Optional<String>> callbackFault;
    private final Order order;
    private final ObjectReader metadataReader = new ObjectMapper()
            .readerFor(new TypeReference<Map<String, Object>>() {})
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ObjectWriter metadataWriter =
            new ObjectMapper().writer().without(JsonWriteFeature.WRITE_NAN_AS_STRINGS);

    /**
     * @param maxPictureBytes size of a picture file, at most
     * @param collections gives a collection's name as jobs carry it, and refuses one that is not here
     * @param callbackFault says why nobody can be told at a URL
     * @param order gives uploads their versions
     */
    public Intake(
            PictureInspector inspector,
            long maxPictureBytes,
            UnaryOperator<String> collections,
            Function<String, Optional<String>> callbackFault,
            Order order) {
        this.inspector = inspector;
        this.maxPictureBytes = maxPictureBytes;
        this.collections = collections;
        this.callbackFault = callbackFault;
        this.order = order;
    }

    /**
     * Makes the job of an upload.
     *
     * @param picture the picture's file
     * @param productId the shop's id; the job has it, and the image's, in {@linkplain ShopId#normal normal form}
     * @param name the product's name
     * @param imageId which picture of the product; null or empty for {@code main}
     * @param metadata a JSON object of at most 16 KB that every index can keep, as text or read already; null or blank
     *     for none
     * @param callbackUrl is told of the job's end; null or blank for nobody
     * @param collection where the point goes; null for the main collection. A variable, as no client can set one
     * @param reservedId the id that the job is to have; null for a new one
     * @throws ProblemException when a field is missing or malformed, naming every such field
     * @throws dev.vitrine.image.UnusablePictureException when the picture cannot be indexed
     * @throws IOException when the file cannot be read
     */
    public Job accept(
            @Body File picture,
            @Header("product_id") Object productId,
            @Header("name") Object name,
            @Header("image_id") Object imageId,
            @Header("metadata") Object metadata,
            @Header("callback_url") Object callbackUrl,
            @Variable("collection") String collection,
            @Variable("reservedId") String reservedId)
            throws IOException {
        String into = collections.apply(collection);
        Map<String, Object> sent = new HashMap<>();
        sent.put("product_id", productId);
        sent.put("name", name);
        sent.put("image_id", imageId);
        sent.put("metadata", metadata);
        sent.put("callback_url", callbackUrl);
        FieldErrors errors = new FieldErrors();
        Values values = read(sent, picture, errors);
        if (!errors.isEmpty()) {
            inspect(picture, errors);
            errors.check();
        }
        String contentType = inspector.inspect(picture.toPath()).mediaType();
        long version = order.next(into, values.productId(), values.imageId());
        return new Job(
                reservedId == null ? id(version) : reservedId,
                values.productId(),
                values.imageId(),
                values.name(),
                values.metadata(),
                version,
                contentType,
                into,
                values.callbackUrl());
    }

    private static String id(long version) {
        return UuidCreator.getTimeOrderedEpoch(Instant.ofEpochMilli(version)).toString();
    }

    /**
     * Adds what is wrong with the fields of an upload and with its picture.
     *
     * @param sent text by name, or a list of texts where a field came more than once
     * @param picture null where none came
     * @throws IOException when the picture cannot be read
     */
    public void check(Map<String, Object> sent, File picture, FieldErrors errors) throws IOException {
        read(sent, picture, errors);
        inspect(picture, errors);
    }

    /** What was sent; worth nothing where it adds an error. */
    private Values read(Map<String, Object> sent, File picture, FieldErrors errors) {
        String product = ShopId.normal(single("product_id", sent, errors));
        String name = single("name", sent, errors).strip();
        String image = ShopId.normal(single("image_id", sent, errors));
        Map<String, Object> metadata = metadata(single("metadata", sent, errors).strip(), errors);
        String callback = single("callback_url", sent, errors).strip();
        if (!errors.has("product_id")) {
            checkProductId(product, errors);
        }
        if (!errors.has("name")) {
            checkName(name, errors);
        }
        if (!errors.has("image_id") && !image.isEmpty()) {
            ShopId.fault(image).ifPresent(fault -> errors.add("image_id", fault));
        }
        if (!callback.isEmpty()) {
            callbackFault.apply(callback).ifPresent(fault -> errors.add("callback_url", fault));
        }
        if (!errors.has("image_file")) {
            checkFile(picture, errors);
        }
        return new Values(
                product, image.isEmpty() ? "main" : image, name, metadata, callback.isEmpty() ? null : callback);
    }

    private void checkFile(File picture, FieldErrors errors) {
        if (picture == null) {
            errors.add("image_file", "is missing; send the picture as a file part of this name");
        } else if (picture.length() > maxPictureBytes) {
            errors.add(
                    413,
                    "image_file",
                    "has " + picture.length() + " bytes; the limit is " + maxPictureBytes
                            + " (VITRINE_MAX_UPLOAD). Send a smaller picture");
        }
    }

    /** Of an upload that is refused anyway. */
    private void inspect(File picture, FieldErrors errors) throws IOException {
        if (picture == null || errors.has("image_file")) {
            return;
        }
        try {
            inspector.inspect(picture.toPath());
        } catch (UnusablePictureException e) {
            errors.add(422, "image_file", e.getMessage());
        }
    }

    /** Empty where there is none, or more than one. */
    private String single(String field, Map<String, Object> sent, FieldErrors errors) {
        Object value = sent.get(field);
        if (value instanceof Iterable<?>) {
            errors.doubled(field);
            return "";
        }
        if (value instanceof Map<?, ?> object) {
            String text = errors.read(() -> json(field, object));
            return text == null ? "" : text;
        }
        return value == null ? "" : value.toString();
    }

    private static void checkProductId(String product, FieldErrors errors) {
        if (product.isEmpty()) {
            errors.add("product_id", "is missing or empty; send the shop's id of the product");
        } else {
            ShopId.fault(product).ifPresent(fault -> errors.add("product_id", fault));
        }
    }

    /** Adds what is wrong with a name. */
    public static void checkName(String name, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.add("name", "is missing or empty; send the product's name");
        } else if (name.length() > MAX_NAME_CHARS) {
            errors.add("name", "has " + name.length() + " characters; a name has at most " + MAX_NAME_CHARS);
        } else {
            UnicodeText.fault(name).ifPresent(fault -> errors.add("name", fault));
        }
    }

    /**
     * Reads metadata in canonical form, and adds what is wrong with it.
     *
     * @param json an object as text; empty for none
     */
    public Map<String, Object> metadata(String json, FieldErrors errors) {
        if (json.isEmpty()) {
            return Map.of();
        }
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_METADATA_BYTES) {
            errors.add("metadata", "has more than 16 KB, the limit");
            return Map.of();
        }
        try {
            Map<String, Object> object = metadataReader.readValue(json);
            if (object != null) {
                return Metadata.canonical(object);
            }
            errors.add("metadata", NO_OBJECT);
        } catch (JsonProcessingException e) {
            errors.add("metadata", NO_OBJECT);
        } catch (IllegalArgumentException e) {
            errors.add("metadata", e.getMessage());
        }
        return Map.of();
    }

    private String json(String field, Map<?, ?> object) {
        try {
            return metadataWriter.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw ProblemException.ofField(400, field, "cannot be written as JSON: " + e.getOriginalMessage());
        }
    }
}
