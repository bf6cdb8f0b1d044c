package dev.vitrine.catalogue.read;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * WooCommerce: the product is its SKU, or {@code id:ID} where it has none, as variations name their parents. A variation
 * describes its own pictures, or where it has none all of its parent's.
 */
final class WooCommerceProfile implements Profile {
    private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

    private final WooColumns columns;

    WooCommerceProfile(WooColumns columns) {
        this.columns = columns;
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        List<String> types = split(row.get(columns.type));
        boolean isVariation = types.contains("variation");
        String own = id(row);
        String parent = Text.line(row.get(columns.parent));
        Draft draft = new Draft(isVariation ? parent : own, row.line());
        List<String> pictures = Pictures.list(row.raw(columns.images));
        Map<String, Object> details = details(row, isVariation);
        if (!isVariation) {
            describe(draft, row);
            draft.all(details);
            return draft.pictures(pictures, Map.of());
        }
        if (status(row) == Status.DRAFT) {
            return List.of();
        }
        List<ProductRow> rows =
                pictures.isEmpty() ? List.of(draft.all(details).alone()) : draft.pictures(pictures, details);
        if (!parent.isEmpty()) {
            return rows;
        }
        String column = row.header().name(columns.parent);
        rows.forEach(one -> faults.accept(Fault.error(one, column, "The variation " + own + " names no parent")));
        return List.of();
    }

    private String id(Row row) {
        String sku = Text.line(row.get(columns.sku));
        return sku.isEmpty() ? "id:" + Text.line(row.get(0)) : sku;
    }

    private void describe(Draft draft, Row row) {
        String text = row.get(columns.description);
        draft.name(row.get(columns.name))
                .status(status(row))
                .list("categories", split(row.get(columns.categories)))
                .list("tags", split(row.get(columns.tags)))
                .words("description", lines(text.isEmpty() ? row.get(columns.summary) : text));
    }

    /** The exporter writes line breaks as {@code \n}. */
    private static String lines(String text) {
        return text.replace("\\n", " ");
    }

    private Status status(Row row) {
        String published = row.get(columns.published);
        if (published.equals("-1")) {
            return Status.DRAFT;
        }
        if (published.equals("0") || row.get(columns.visibility).equals("hidden")) {
            return Status.HIDDEN;
        }
        return published.isEmpty() ? null : Status.ACTIVE;
    }

    private Map<String, Object> details(Row row, boolean isVariation) {
        Map<String, Object> details = new LinkedHashMap<>();
        Draft.add(details, "sku", List.of(row.get(columns.sku)));
        Draft.add(details, "gtin", List.of(row.get(columns.gtin)));
        Text.amount(row.get(columns.salePrice))
                .or(() -> Text.amount(row.get(columns.price)))
                .ifPresent(price -> details.put("price", price));
        for (WooColumns.Attribute attribute : columns.attributes) {
            String name = Text.line(row.get(attribute.name()));
            Draft.add(
                    details,
                    name,
                    isVariation ? List.of(row.get(attribute.values())) : split(row.get(attribute.values())));
        }
        return details;
    }

    private static List<String> split(String cell) {
        List<String> parts = new ArrayList<>();
        for (String part : COMMA.split(cell)) {
            String text = Text.line(part.replace("\\,", ","));
            if (!text.isEmpty()) {
                parts.add(text);
            }
        }
        return parts;
    }
}
