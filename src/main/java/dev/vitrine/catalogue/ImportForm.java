package dev.vitrine.catalogue;

import dev.vitrine.catalogue.read.Format;
import dev.vitrine.http.FieldErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the fields of a request to import. What is wrong goes to the errors. */
final class ImportForm {
    static final List<String> FIELDS = List.of(
            "url", "name", "format", "map", "image_base", "include_hidden", "dry_run", "delete_missing", "confirmed");
    private static final List<String> MAPPED = List.of("product_id", "name", "image", "image_id");

    private final Map<String, Object> sent;
    private final FieldErrors errors;

    ImportForm(Map<String, Object> sent, FieldErrors errors) {
        this.sent = sent;
        this.errors = errors;
    }

    /** The text of a field; null where it is missing or blank. */
    String text(String field) {
        Object value = sent.get(field);
        if (value instanceof Iterable<?>) {
            errors.doubled(field);
            return null;
        }
        return value == null || value.toString().isBlank()
                ? null
                : value.toString().strip();
    }

    boolean flag(String field) {
        String text = text(field);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            errors.add(field, "is neither true nor false");
        }
        return "true".equals(text);
    }

    String format() {
        String format = text("format");
        if (format != null && Format.named(format).isEmpty()) {
            errors.add("format", "is not known; the formats are " + Format.options());
        }
        return format;
    }

    /** {@code product_id=SKU,image=Photo}. */
    Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>();
        String text = text("map");
        for (String pair : text == null ? new String[0] : text.split(",")) {
            String[] parts = pair.split("=", 2);
            if (parts.length != 2 || !MAPPED.contains(parts[0].strip())) {
                errors.add("map", "is not as product_id=SKU,name=Title,image=Photo,image_id=View");
                return Map.of();
            }
            map.put(parts[0].strip(), parts[1].strip());
        }
        return map;
    }
}
