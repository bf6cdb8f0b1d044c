package dev.vitrine.catalogue.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A table of one's own: product id, name, pictures; every other column is metadata under its header. */
final class PlainProfile implements Profile {
    static final String[] ID = {"product_id", "product id", "productid", "id", "sku", "handle", "reference"};
    static final String[] NAME = {"name", "title", "product name", "product_name"};
    static final String[] IMAGE = {
        "image",
        "images",
        "image_url",
        "image url",
        "image_src",
        "image src",
        "image_link",
        "picture",
        "picture_url",
        "picture url",
        "photo",
        "file"
    };
    /** What a report of failures says of a row; no metadata when the mended report is read. */
    static final String[] OF_A_REPORT = {"line", "column", "cause"};

    private static final ObjectReader JSON = new ObjectMapper().readerFor(new TypeReference<Map<String, Object>>() {});
    private static final Set<String> AMOUNTS =
            Set.of("price", "sale_price", "regular_price", "weight", "stock", "quantity");

    private final int id;
    private final int name;
    private final int image;
    private final int imageId;
    private final int metadata;
    private final boolean isReport;
    private final Set<Integer> taken = new HashSet<>();

    /**
     * @param map names columns for {@code product_id}, {@code name}, {@code image} and {@code image_id} that are called otherwise
     * @throws CatalogueException where a column that is needed, or named, is not there
     */
    PlainProfile(Header header, Map<String, String> map) throws CatalogueException {
        id = column(header, map, "product_id", ID);
        name = column(header, map, "name", NAME);
        image = column(header, map, "image", IMAGE);
        imageId = column(header, map, "image_id", "image_id", "image id");
        if (id < 0) {
            throw missing(header, "product_id");
        }
        if (image < 0) {
            throw missing(header, "image");
        }
        metadata = header.find("metadata");
        taken.addAll(List.of(id, name, image, imageId, metadata));
        isReport = header.has(OF_A_REPORT);
        if (isReport) {
            for (String column : OF_A_REPORT) {
                taken.add(header.find(column));
            }
        }
    }

    private static int column(Header header, Map<String, String> map, String field, String... usual)
            throws CatalogueException {
        String named = map.get(field);
        if (named == null) {
            return header.find(usual);
        }
        int column = header.find(named);
        if (column < 0) {
            throw new CatalogueException(
                    "--map names a column \"" + named + "\" that is not there; the columns are: " + shown(header));
        }
        return column;
    }

    private static CatalogueException missing(Header header, String field) {
        return new CatalogueException("No column is the " + field + "; say which one is with --map " + field
                + "=COLUMN. The columns are: " + shown(header));
    }

    private static String shown(Header header) {
        String all = String.join(", ", header.names());
        return all.length() <= 500 ? all : all.substring(0, 500) + " ...";
    }

    /** What stands in the column metadata, a JSON object. */
    private Map<String, Object> object(Row row, Consumer<Fault> faults) {
        String text = row.get(metadata);
        if (text.isEmpty()) {
            return Map.of();
        }
        try {
            Map<String, Object> object = JSON.readValue(text);
            object.values().removeIf(Objects::isNull);
            return object;
        } catch (JsonProcessingException e) {
            faults.accept(Fault.warning(
                    row.line(), row.header().name(metadata), "The metadata is no JSON object and is left out"));
            return Map.of();
        }
    }

    /** A report names one picture a row, in whose name may be a comma. */
    private List<String> pictures(String cell) {
        if (!isReport) {
            return Pictures.list(cell);
        }
        String picture = Pictures.one(cell);
        return picture.isEmpty() ? List.of() : List.of(picture);
    }

    @Override
    public List<ProductRow> read(Row row, Consumer<Fault> faults) {
        Draft draft = new Draft(Text.line(row.get(id)), row.line()).name(row.get(name));
        Map<String, Object> own = new LinkedHashMap<>(object(row, faults));
        for (int i = 0; i < row.header().size(); i++) {
            if (taken.contains(i)) {
                continue;
            }
            String key = row.header().name(i);
            if (AMOUNTS.contains(Text.folded(key))) {
                Text.amount(row.get(i)).ifPresent(amount -> own.putIfAbsent(key, amount));
            } else {
                Draft.put(own, key, Text.words(row.get(i)));
            }
        }
        List<String> pictures = pictures(row.raw(image));
        String named = Text.line(row.get(imageId));
        if (!named.isEmpty() && pictures.size() == 1) {
            return List.of(draft.row(named, pictures.get(0), own, null));
        }
        return pictures.isEmpty() ? List.of(draft.all(own).alone()) : draft.pictures(pictures, own);
    }
}
