package dev.vitrine.catalogue.read;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.catalogue.sync.Plan;
import dev.vitrine.catalogue.sync.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A sample of 30 products with all that goes wrong in such exports, and what it means, written beside it by hand. */
enum SampleCatalogue {
    SHOPIFY_OLD("shopify-old.csv", Format.SHOPIFY),
    SHOPIFY_2024("shopify-2024.csv", Format.SHOPIFY),
    SHOPIFY_NEW("shopify-new.csv", Format.SHOPIFY),
    WOOCOMMERCE("woocommerce.csv", Format.WOOCOMMERCE),
    WOOCOMMERCE_FRENCH("woocommerce-french.csv", Format.WOOCOMMERCE),
    WOOCOMMERCE_DANISH("woocommerce-danish.csv", Format.WOOCOMMERCE),
    MAGENTO("magento.csv", Format.MAGENTO),
    PRESTASHOP("prestashop.csv", Format.PRESTASHOP),
    PRESTASHOP_COMBINATIONS("prestashop-combinations.csv", Format.PRESTASHOP_COMBINATIONS),
    MERCHANT_XML("merchant.xml", Format.MERCHANT_XML),
    MERCHANT("merchant-table.tsv", Format.MERCHANT),
    VISION("vision.csv", Format.VISION),
    VISION_HEADLESS("vision-headless.csv", Format.VISION),
    PLAIN("plain.csv", Format.TABLE),
    LINES("lines.jsonl", Format.JSONL);

    private static final Path FOLDER = Path.of("src/test/resources/catalogues");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    final Format format;

    SampleCatalogue(String file, Format format) {
        this.file = file;
        this.format = format;
    }

    Path path() {
        return FOLDER.resolve(file);
    }

    String text() throws IOException {
        String text = Files.readString(path());
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    boolean isTable() {
        return format != Format.MERCHANT_XML && format != Format.JSONL;
    }

    /** Every picture, one JSON object each, in the order of ids. */
    List<String> expected() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line :
                Files.readAllLines(FOLDER.resolve(file.substring(0, file.lastIndexOf('.')) + ".expected.jsonl"))) {
            lines.add(sorted(JSON.readValue(line, new TypeReference<Map<String, Object>>() {})));
        }
        return lines.stream().sorted().toList();
    }

    /** What is read of a file, written as {@link #expected()}. */
    static List<String> read(Path path, List<Fault> faults) throws IOException {
        List<String> pictures = new ArrayList<>();
        try (Catalogue catalogue = new Catalogues(null, Map.of()).open(path);
                Plan plan = new Plan(null)) {
            for (Optional<ProductRow> row = catalogue.next(faults::add);
                    row.isPresent();
                    row = catalogue.next(faults::add)) {
                plan.add(row.get(), faults::add);
            }
            for (Iterator<Wanted> i = plan.pictures(); i.hasNext(); ) {
                Wanted wanted = i.next();
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("product_id", wanted.productId());
                object.put("image_id", wanted.imageId());
                object.put("name", wanted.name());
                object.put("picture", wanted.picture());
                object.put("metadata", wanted.metadata());
                if (wanted.status() != null) {
                    object.put("status", wanted.status().name());
                }
                pictures.add(sorted(object));
            }
        }
        return pictures.stream().sorted().toList();
    }

    /** With the members of objects in order, and numbers alike whatever their type. */
    private static String sorted(Map<String, Object> object) throws IOException {
        return JSON.writeValueAsString(ordered(object));
    }

    private static Object ordered(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> ordered = new TreeMap<>();
            map.forEach((key, member) -> ordered.put((String) key, ordered(member)));
            return ordered;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(SampleCatalogue::ordered).toList();
        }
        return value instanceof Number number ? number.doubleValue() : value;
    }
}
