package dev.vitrine.catalogue.read;

import dev.vitrine.catalogue.read.ProductRow.Status;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Magento 2: the product is its SKU. Rows of a store view repeat it, with a name of their own; the name of the default view
 * counts. One file in several roles is one picture.
 */
final class MagentoProfile implements Profile {
    private static final String NOTHING = "__EMPTY__VALUE__";
    private static final String NO_PICTURE = "no_selection";

    /** {@code color=black,features=A|B}; values may stand in quotes and hold commas. */
    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\s*\"?([^=,\"]+)=(\"(?:[^\"]|\"\")*\"|.*?)\"?(?=,\\s*\"?[A-Za-z0-9_]+=|$)");

    static boolean fits(Header header) {
        return header.has("sku", "attribute_set_code")
                || header.has("sku", "store_view_code")
                || header.has("sku", "base_image");
    }

    /** @throws CatalogueException where the export has no pictures */
    MagentoProfile(Header header) throws CatalogueException {
        if (header.find("base_image", "small_image", "thumbnail_image", "additional_images") < 0) {
            throw new CatalogueException(
                    "This Magento export has no columns for pictures (base_image, additional_images); export it with them");
        }
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        boolean isDefault = cell(row, "store_view_code").isEmpty()
                || cell(row, "store_view_code").equals("admin");
        Draft draft = new Draft(Text.line(cell(row, "sku")), row.line());
        if (isDefault) {
            draft.name(cell(row, "name"))
                    .status(status(row))
                    .text("type", cell(row, "product_type"))
                    .list("categories", Arrays.asList(cell(row, "categories").split(",")))
                    .amount("price", cell(row, "price"))
                    .words("description", either(cell(row, "description"), cell(row, "short_description")));
            attributes(cell(row, "additional_attributes"), draft);
        }
        return draft.pictures(pictures(row), Map.of());
    }

    private static Set<String> pictures(Row row) {
        Set<String> pictures = new LinkedHashSet<>();
        for (String column : List.of("base_image", "small_image", "thumbnail_image", "swatch_image")) {
            add(Pictures.one(cell(row, column)), pictures);
        }
        Pictures.list(cell(row, "additional_images")).forEach(picture -> add(picture, pictures));
        return pictures;
    }

    private static void add(String picture, Set<String> pictures) {
        if (!picture.isEmpty() && !picture.equals(NO_PICTURE)) {
            pictures.add(picture);
        }
    }

    private static Status status(Row row) {
        String online = cell(row, "product_online");
        String visibility = cell(row, "visibility");
        if (online.equals("0") || online.equals("2")) {
            return Status.DRAFT;
        }
        if (Text.folded(visibility).equals("not visible individually")) {
            return Status.HIDDEN;
        }
        return online.isEmpty() && visibility.isEmpty() ? null : Status.ACTIVE;
    }

    private static void attributes(String cell, Draft draft) {
        Map<String, List<String>> read = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(cell);
        while (attribute.find()) {
            String value = attribute.group(2);
            if (value.startsWith("\"") && value.endsWith("\"") && value.length() > 1) {
                value = value.substring(1, value.length() - 1);
            }
            value = value.replace("\"\"", "\"");
            if (!value.isBlank() && !value.equals(NOTHING)) {
                read.put(Text.line(attribute.group(1)), List.of(value.split("\\|")));
            }
        }
        read.forEach((key, values) -> {
            if (values.size() == 1) {
                draft.text(key, values.get(0));
            } else {
                draft.list(key, values);
            }
        });
    }

    private static String either(String first, String second) {
        return first.isEmpty() ? second : first;
    }

    private static String cell(Row row, String column) {
        String cell = row.get(column);
        return cell.equals(NOTHING) ? "" : cell;
    }
}
