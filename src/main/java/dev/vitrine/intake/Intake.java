package dev.vitrine.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.http.ProblemException;
import dev.vitrine.http.ProblemException.FieldError;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.index.Metadata;
import dev.vitrine.index.ShopId;
import dev.vitrine.index.UnicodeText;
import dev.vitrine.job.Job;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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

    private final PictureInspector inspector;
    private final long maxPictureBytes;
    private final UnaryOperator<String> collections;
    private final Function<String, Optional<String>> callbackFault;
    private final Clock clock;
    private final AtomicLong lastVersion = new AtomicLong();
    private final ObjectReader metadataReader = new ObjectMapper()
            .readerFor(new TypeReference<Map<String, Object>>() {})
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ObjectWriter metadataWriter =
            new ObjectMapper().writer().without(JsonWriteFeature.WRITE_NAN_AS_STRINGS);

    /**
     * @param maxPictureBytes size of a picture file, at most
     * @param collections gives a collection's name as jobs carry it, and refuses one that is not here
     * @param callbackFault says why nobody can be told at a URL
     */
    public Intake(
            PictureInspector inspector,
            long maxPictureBytes,
            UnaryOperator<String> collections,
            Function<String, Optional<String>> callbackFault,
            Clock clock) {
        this.inspector = inspector;
        this.maxPictureBytes = maxPictureBytes;
        this.collections = collections;
        this.callbackFault = callbackFault;
        this.clock = clock;
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
        List<FieldError> errors = new ArrayList<>();
        String product = ShopId.normal(single("product_id", productId, errors));
        String title = single("name", name, errors).strip();
        String image = ShopId.normal(single("image_id", imageId, errors));
        String extra = single("metadata", metadata instanceof Map<?, ?> object ? json(object) : metadata, errors)
                .strip();
        String callback = single("callback_url", callbackUrl, errors).strip();
        if (errors.isEmpty()) {
            checkProductId(product, errors);
            checkName(title, errors);
            if (!image.isEmpty()) {
                ShopId.fault(image).ifPresent(fault -> errors.add(new FieldError("image_id", fault)));
            }
        }
        if (!callback.isEmpty()) {
            callbackFault.apply(callback).ifPresent(fault -> errors.add(new FieldError("callback_url", fault)));
        }
        Map<String, Object> attributes = metadata(extra, errors);
        if (picture == null) {
            errors.add(new FieldError("image_file", "is missing; send the picture as a file part of this name"));
        }
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        if (picture.length() > maxPictureBytes) {
            throw ProblemException.ofField(
                    413,
                    "image_file",
                    "has " + picture.length() + " bytes; the limit is " + maxPictureBytes
                            + " (VITRINE_MAX_UPLOAD). Send a smaller picture");
        }
        String contentType = inspector.inspect(picture.toPath()).mediaType();
        return new Job(
                reservedId == null ? UuidCreator.getTimeOrderedEpoch().toString() : reservedId,
                product,
                image.isEmpty() ? "main" : image,
                title,
                attributes,
                nextVersion(),
                contentType,
                into,
                callback.isEmpty() ? null : callback);
    }

    /** Of two uploads in one millisecond the later one still gets the greater version. */
    public long nextVersion() {
        return lastVersion.updateAndGet(last -> Math.max(last + 1, clock.millis()));
    }

    private static ProblemException invalid(List<FieldError> errors) {
        List<String> details =
                errors.stream().map(e -> e.field() + ": " + e.detail()).toList();
        return new ProblemException(400, String.join("; ", details), errors);
    }

    private static String single(String field, Object value, List<FieldError> errors) {
        if (value instanceof Iterable<?>) {
            errors.add(new FieldError(field, "was sent more than once"));
            return "";
        }
        return value == null ? "" : value.toString();
    }

    private static void checkProductId(String product, List<FieldError> errors) {
        if (product.isEmpty()) {
            errors.add(new FieldError("product_id", "is missing or empty; send the shop's id of the product"));
        } else {
            ShopId.fault(product).ifPresent(fault -> errors.add(new FieldError("product_id", fault)));
        }
    }

    private static void checkName(String name, List<FieldError> errors) {
        if (name.isEmpty()) {
            errors.add(new FieldError("name", "is missing or empty; send the product's name"));
        } else if (name.length() > MAX_NAME_CHARS) {
            errors.add(new FieldError("name", "is longer than " + MAX_NAME_CHARS + " characters"));
        } else {
            UnicodeText.fault(name).ifPresent(fault -> errors.add(new FieldError("name", fault)));
        }
    }

    private Map<String, Object> metadata(String json, List<FieldError> errors) {
        if (json.isEmpty()) {
            return Map.of();
        }
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_METADATA_BYTES) {
            errors.add(new FieldError("metadata", "is longer than 16 KB"));
            return Map.of();
        }
        try {
            Map<String, Object> object = metadataReader.readValue(json);
            if (object != null) {
                return Metadata.canonical(object);
            }
            errors.add(new FieldError("metadata", NO_OBJECT));
        } catch (JsonProcessingException e) {
            errors.add(new FieldError("metadata", NO_OBJECT));
        } catch (IllegalArgumentException e) {
            errors.add(new FieldError("metadata", e.getMessage()));
        }
        return Map.of();
    }

    private String json(Map<?, ?> object) {
        try {
            return metadataWriter.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw ProblemException.ofField(400, "metadata", "cannot be written as JSON: " + e.getOriginalMessage());
        }
    }
}
