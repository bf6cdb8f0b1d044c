package dev.vitrine.index;

import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;

import dev.vitrine.job.Rfc3339;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A product as the payload of a Qdrant point, and back. Metadata keeps its JSON types. */
final class QdrantPayload {

    static final String PRODUCT_ID = "product_id";
    static final String VERSION = "version";
    static final String MODEL = "model";

    static final String IMAGE_ID = "image_id";
    private static final String NAME = "name";
    private static final String HAS_IMAGE = "has_image";
    static final String INDEXED_AT = "indexed_at";
    static final String METADATA = "metadata";

    private QdrantPayload() {}

    /** @param product with canonical metadata */
    static Map<String, Value> of(Product product) {
        return Map.of(
                PRODUCT_ID, value(product.productId()),
                IMAGE_ID, value(product.imageId()),
                NAME, value(product.name()),
                HAS_IMAGE, value(true),
                INDEXED_AT, value(Rfc3339.format(product.indexedAt())),
                VERSION, value(product.version()),
                MODEL, value(product.model()),
                METADATA, encoded(product.metadata()));
    }

    /** The product; what a payload made by another program lacks is empty, zero, or the epoch. */
    static Product product(Map<String, Value> payload) {
        return new Product(
                text(payload, PRODUCT_ID),
                text(payload, IMAGE_ID),
                text(payload, NAME),
                instant(text(payload, INDEXED_AT)),
                payload.getOrDefault(VERSION, value(0)).getIntegerValue(),
                text(payload, MODEL),
                map(payload.getOrDefault(METADATA, nullValue()).getStructValue().getFieldsMap()));
    }

    private static String text(Map<String, Value> payload, String key) {
        return payload.getOrDefault(key, nullValue()).getStringValue();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static Value encoded(Object value) {
        if (value == null) {
            return nullValue();
        } else if (value instanceof String text) {
            return value(text);
        } else if (value instanceof Boolean flag) {
            return value(flag);
        } else if (value instanceof Double number) {
            return value(number);
        } else if (value instanceof Number number) {
            return value(number.longValue());
        } else if (value instanceof List<?> items) {
            return list(items.stream().map(QdrantPayload::encoded).toList());
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, item) -> fields.put((String) key, encoded(item)));
        return value(fields);
    }

    private static Object decoded(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case INTEGER_VALUE -> Metadata.whole(value.getIntegerValue());
            case DOUBLE_VALUE -> value.getDoubleValue();
            case STRUCT_VALUE -> map(value.getStructValue().getFieldsMap());
            case LIST_VALUE -> {
                List<Object> items = new ArrayList<>();
                value.getListValue().getValuesList().forEach(item -> items.add(decoded(item)));
                yield items;
            }
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }

    private static Map<String, Object> map(Map<String, Value> fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        fields.forEach((key, value) -> map.put(key, decoded(value)));
        return map;
    }
}
