package dev.vitrine.catalogue.read;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * PrestaShop's list of products, or of combinations (variants): the product is its Product ID in both. The columns stand in a
 * fixed order; their names, which are translated, only help to recognise the file.
 */
final class PrestaShopProfile implements Profile {
    private static final int COLUMNS = 60;
    private static final int MAIN_PICTURES = 47;

    private final boolean isCombinations;

    PrestaShopProfile(boolean isCombinations) {
        this.isCombinations = isCombinations;
    }

    static boolean fits(Header header) {
        return header.find("Product ID", "ID") == 0
                && header.size() >= COLUMNS
                && (header.name(MAIN_PICTURES).contains("(x,y,z")
                        || header.name(1).contains("(0/1)"));
    }

    static boolean fitsCombinations(Header header) {
        return header.size() >= 19
                && header.name(1).contains("(Name:Type:Position)")
                && header.name(2).contains("(Value:Position)");
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        return isCombinations ? combination(row) : product(row);
    }

    private static List<ProductRow> product(Row row) {
        Draft draft = new Draft(Text.line(row.get(0)), row.line())
                .name(row.get(2))
                .status(Draft.flag(row.get(1))
                        .map(active -> active ? Status.ACTIVE : Status.DRAFT)
                        .orElse(null))
                .list("categories", Arrays.asList(row.get(3).split(",")))
                .amount("price", row.get(4))
                .text("reference", row.get(12))
                .text("brand", row.get(15))
                .text("ean13", row.get(16))
                .words("description", row.get(35).isEmpty() ? row.get(34) : row.get(35))
                .list("tags", Arrays.asList(row.get(36).split(",")));
        for (String feature : row.get(50).split(",")) {
            String[] parts = feature.split(":");
            if (parts.length > 1) {
                draft.text(Text.line(parts[0]), parts[1]);
            }
        }
        if (Text.folded(row.get(30)).equals("none")) {
            draft.status(Status.HIDDEN);
        }
        return draft.pictures(Pictures.list(row.raw(MAIN_PICTURES)), Map.of());
    }

    /** The names and the values of the attributes are lists of equal length. */
    private static List<ProductRow> combination(Row row) {
        Map<String, Object> variant = new LinkedHashMap<>();
        String[] names = row.get(1).split(",");
        String[] values = row.get(2).split(",");
        for (int i = 0; i < Math.min(names.length, values.length); i++) {
            Draft.add(
                    variant,
                    Text.line(names[i].split(":", 2)[0]),
                    List.of(values[i].split(":", 2)[0]));
        }
        Draft.add(variant, "sku", List.of(row.get(4)));
        Draft draft = new Draft(Text.line(row.get(0)), row.line());
        List<String> pictures = Pictures.list(row.raw(18));
        return pictures.isEmpty() ? List.of(draft.all(variant).alone()) : draft.pictures(pictures, variant);
    }
}
