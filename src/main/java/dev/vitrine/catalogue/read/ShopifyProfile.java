package dev.vitrine.catalogue.read;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shopify's exports, the old dialect and the new one: the product is its handle; rows of a handle bring further pictures and
 * variants. A variant describes the picture that it names, or else every picture of the product.
 */
final class ShopifyProfile implements Profile {
    private static final int OPTIONS = 3;
    private static final Pattern METAFIELD = Pattern.compile("(.+) \\(product\\.metafields\\..+\\)");

    /** A product's options by its handle; only its first row names them. */
    private final Map<String, List<String>> optionNames = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > 1_000;
        }
    };

    static boolean fits(Header header) {
        return header.has("Handle", "Image Src") || header.has("URL handle", "Product image URL");
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        String handle = Text.line(row.get("Handle", "URL handle"));
        Draft draft = new Draft(handle, row.line())
                .name(row.get("Title"))
                .status(status(row))
                .text("vendor", row.get("Vendor"))
                .text("type", row.get("Type"))
                .text("category", row.get("Product Category"))
                .list("tags", Arrays.asList(row.get("Tags").split(",")))
                .words("description", row.get("Body (HTML)", "Description"));
        metafields(row, draft);
        Map<String, Object> variant = variant(handle, row);
        String main = Pictures.one(row.get("Image Src", "Product image URL"));
        String ofVariant = Pictures.one(row.get("Variant Image", "Variant image URL"));
        List<ProductRow> rows = new ArrayList<>();
        if (ofVariant.isEmpty()) {
            draft.all(variant);
        }
        Map<String, Object> alt = new LinkedHashMap<>();
        Draft.put(alt, "alt", Text.line(row.get("Image Alt Text")));
        if (!main.isEmpty()) {
            rows.add(draft.picture(main, alt));
        }
        if (!ofVariant.isEmpty()) {
            rows.add(draft.picture(ofVariant, variant));
        }
        return rows.isEmpty() ? List.of(draft.alone()) : rows;
    }

    private static Status status(Row row) {
        String status = row.get("Status").toLowerCase(Locale.ROOT);
        if (status.equals("draft") || status.equals("archived") || status.equals("unlisted")) {
            return status.equals("draft") ? Status.DRAFT : Status.HIDDEN;
        }
        return Draft.flag(row.get("Published", "Published on online store"))
                .map(published -> published ? Status.ACTIVE : Status.HIDDEN)
                .orElse(status.equals("active") ? Status.ACTIVE : null);
    }

    private Map<String, Object> variant(String handle, Row row) {
        Map<String, Object> variant = new LinkedHashMap<>();
        Draft.add(variant, "sku", List.of(row.get("Variant SKU", "SKU")));
        Draft.add(variant, "barcode", List.of(row.get("Variant Barcode", "Barcode")));
        Text.amount(row.get("Variant Price", "Price")).ifPresent(price -> variant.put("price", price));
        List<String> names = optionNames.computeIfAbsent(handle, h -> new ArrayList<>(List.of("", "", "")));
        for (int i = 0; i < OPTIONS; i++) {
            String prefix = "Option" + (i + 1) + " ";
            String name = Text.line(row.get(prefix + "Name"));
            String value = Text.line(row.get(prefix + "Value"));
            if (!name.isEmpty()) {
                names.set(i, name);
            }
            if (!value.equals("Default Title") && !names.get(i).isEmpty()) {
                Draft.add(variant, names.get(i), List.of(value));
            }
        }
        return variant;
    }

    private static void metafields(Row row, Draft draft) {
        List<String> names = row.header().names();
        for (int i = 0; i < names.size(); i++) {
            Matcher field = METAFIELD.matcher(names.get(i));
            if (field.matches()) {
                draft.list(field.group(1), Arrays.asList(row.get(i).split(";")));
            }
        }
    }
}
