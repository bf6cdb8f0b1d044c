package dev.vitrine.catalogue.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An item of Google Merchant's feeds, XML or table: the product is its group of variants, or the item itself where it has none.
 * What differs between variants is true of their pictures alone.
 */
final class MerchantItem {
    private static final Pattern CURRENCY = Pattern.compile("(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])");
    private static final List<String> SHARED = List.of("brand", "product_type", "google_product_category", "condition");
    private static final List<String> VARIANT = List.of("color", "size", "material", "pattern", "gtin", "mpn");

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> pictures = new ArrayList<>();
    private final long line;

    MerchantItem(long line) {
        this.line = line;
    }

    /** Adds an attribute under Google's name; of several only the first counts, but for pictures. */
    void add(String name, String value) {
        if (name.equals("image_link")) {
            pictures.addAll(0, one(value));
        } else if (name.equals("additional_image_link")) {
            pictures.addAll(value.contains(",") ? Pictures.list(value) : one(value));
        } else if (!value.isBlank()) {
            fields.putIfAbsent(name, value);
        }
    }

    private static List<String> one(String value) {
        String picture = Pictures.one(value);
        return picture.isEmpty() ? List.of() : List.of(picture);
    }

    List<ProductRow> rows() {
        String id = Text.line(fields.getOrDefault("id", ""));
        String group = Text.line(fields.getOrDefault("item_group_id", ""));
        Draft draft = new Draft(group.isEmpty() ? id : group, line)
                .name(fields.getOrDefault("title", ""))
                .words("description", fields.getOrDefault("description", ""));
        SHARED.forEach(name -> draft.text(name, fields.getOrDefault(name, "")));
        Map<String, Object> variant = new LinkedHashMap<>();
        Draft.add(variant, "sku", List.of(id));
        VARIANT.forEach(name -> Draft.add(variant, name, List.of(fields.getOrDefault(name, ""))));
        String price = fields.getOrDefault("sale_price", fields.getOrDefault("price", ""));
        Text.amount(price).ifPresent(amount -> variant.put("price", amount));
        var currency = CURRENCY.matcher(price);
        if (currency.find()) {
            variant.put("currency", currency.group());
        }
        Draft.put(
                variant,
                "availability",
                Text.line(fields.getOrDefault("availability", ""))
                        .toLowerCase(Locale.ROOT)
                        .replace(' ', '_'));
        List<String> each = pictures.stream().distinct().toList();
        return each.isEmpty() ? List.of(draft.all(variant).alone()) : draft.pictures(each, variant);
    }
}
