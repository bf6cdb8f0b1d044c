package dev.vitrine.catalogue.read;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a row says of a product. What is empty is not said. */
final class Draft {
    private final long line;
    private final String productId;
    private final Map<String, Object> shared = new LinkedHashMap<>();
    private String name;
    private Status status;

    Draft(String productId, long line) {
        this.productId = productId;
        this.line = line;
    }

    Draft name(String cell) {
        String text = cell.contains("&") || cell.contains("</") ? Text.words(cell) : Text.line(cell);
        name = text.isEmpty() ? null : text;
        return this;
    }

    Draft status(Status known) {
        status = known;
        return this;
    }

    Draft text(String key, String cell) {
        put(shared, key, Text.line(cell));
        return this;
    }

    Draft words(String key, String html) {
        put(shared, key, Text.words(html));
        return this;
    }

    Draft amount(String key, String cell) {
        Text.amount(cell).ifPresent(amount -> shared.putIfAbsent(key, amount));
        return this;
    }

    Draft list(String key, Collection<String> values) {
        add(shared, key, values);
        return this;
    }

    Draft all(Map<String, Object> metadata) {
        metadata.forEach((key, value) -> shared.merge(key, value, Draft::merged));
        return this;
    }

    /** One row of the product, without a picture. */
    ProductRow alone() {
        return row(null, null, Map.of(), null);
    }

    /** A row with this picture and what is true of it alone. */
    ProductRow picture(String picture, Map<String, Object> own) {
        return row(Pictures.id(picture), picture, own, null);
    }

    /** A row a picture, or one without. */
    List<ProductRow> pictures(Collection<String> pictures, Map<String, Object> own) {
        List<ProductRow> rows = new ArrayList<>();
        pictures.forEach(picture -> rows.add(picture(picture, own)));
        return rows.isEmpty() ? List.of(alone()) : rows;
    }

    ProductRow row(String imageId, String picture, Map<String, Object> own, float[] vector) {
        return new ProductRow(productId, imageId, name, picture, shared, own, status, vector, line);
    }

    static void put(Map<String, Object> metadata, String key, String value) {
        if (!value.isEmpty() && !key.isEmpty()) {
            metadata.putIfAbsent(key, value);
        }
    }

    static void add(Map<String, Object> metadata, String key, Collection<String> values) {
        List<String> there = values.stream()
                .map(Text::line)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
        if (!there.isEmpty() && !key.isEmpty()) {
            metadata.merge(key, there, Draft::merged);
        }
    }

    /** What two rows say under one name: both where they are lists, else the first. */
    static Object merged(Object first, Object second) {
        if (!(first instanceof Collection<?> one) || !(second instanceof Collection<?> other)) {
            return first;
        }
        List<Object> both = new ArrayList<>(one);
        other.stream().filter(value -> !both.contains(value)).forEach(both::add);
        return both;
    }

    /** Yes or no, as exports in many languages write it. */
    static Optional<Boolean> flag(String cell) {
        return switch (Text.folded(cell)) {
            case "1", "true", "yes", "y", "oui", "ja", "si", "sí", "sim", "tak", "wahr", "vrai", "verdadero", "vero" ->
                Optional.of(true);
            case "0", "false", "no", "n", "non", "nein", "não", "nie", "falsch", "faux", "falso", "nee" ->
                Optional.of(false);
            default -> Optional.empty();
        };
    }
}
