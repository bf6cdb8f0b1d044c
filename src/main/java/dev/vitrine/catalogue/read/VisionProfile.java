package dev.vitrine.catalogue.read;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Google Vision Product Search: one picture a line, with or without a header. */
final class VisionProfile implements Profile {
    private static final int PRODUCT = 3;

    /** The first line is a header or already a picture. */
    static boolean fits(Header header) {
        return header.has("image-uri", "product-id")
                || header.size() > PRODUCT && header.name(0).startsWith("gs://");
    }

    /** Whether the first line is a picture. */
    static boolean isWithoutHeader(Header header) {
        return header.find("image-uri") < 0;
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        Draft draft = new Draft(Text.line(row.get(PRODUCT)), row.line())
                .name(row.get(5))
                .text("category", row.get(4))
                .text("product_set", row.get(2));
        Map<String, Object> labels = new LinkedHashMap<>();
        for (String label : row.get(6).split(",")) {
            String[] pair = label.split("=", 2);
            if (pair.length == 2) {
                Draft.add(labels, Text.line(pair[0]), List.of(pair[1]));
            }
        }
        draft.all(labels);
        String picture = Pictures.one(row.raw(0));
        if (picture.isEmpty()) {
            return List.of(draft.alone());
        }
        String id = Text.line(row.get(1));
        return List.of(draft.row(id.isEmpty() ? Pictures.id(picture) : id, picture, Map.of(), null));
    }
}
