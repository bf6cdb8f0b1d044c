package dev.vitrine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.index.ShopId;
import dev.vitrine.index.UnicodeText;
import dev.vitrine.text.Suggestion;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Reads what a search goes by: words, pictures and products with their weights. Each request makes a reader of its own.
 */
final class ExampleReader {
    static final String TEXT = "text";
    static final String TEXT_WEIGHT = "text_weight";
    static final String PRODUCTS = "products";
    static final String IMAGE_FILES = "image_files";
    static final String IMAGE_WEIGHTS = "image_weights";

    static final int MAX_PICTURES = 8;
    static final int MAX_PRODUCTS = 32;

    private static final int MAX_TEXT_CHARS = 2_000;
    private static final int LARGEST_WEIGHT = 100;
    private static final String A_WEIGHT =
            "must be a number from -" + LARGEST_WEIGHT + " to " + LARGEST_WEIGHT + " other than 0";
    private static final String PRODUCTS_ADVICE =
            "takes an array of ids and of objects, for example [\"mug-1\",{\"product_id\":\"mug-2\",\"weight\":-0.5}]";
    private static final List<String> PRODUCT_MEMBERS = List.of("product_id", "weight");

    private static final ObjectReader JSON = new ObjectMapper()
            .reader()
            .with(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final List<Example> examples = new ArrayList<>();
    private final FieldErrors errors;

    /** @param errors gets all that is wrong */
    ExampleReader(FieldErrors errors) {
        this.errors = errors;
    }

    /**
     * Adds words.
     *
     * @param text null or JSON's null for none
     * @param weight null for 1
     */
    ExampleReader words(JsonNode text, JsonNode weight) {
        double size = weight(TEXT_WEIGHT, "", weight);
        if (isNone(text)) {
            if (!isNone(weight)) {
                error(TEXT_WEIGHT, "is the weight of text, which is missing");
            }
        } else if (!text.isTextual() || text.asText().isBlank()) {
            error(TEXT, "is empty or no text; send for example {\"text\":\"red mug\"}");
        } else if (text.asText().length() > MAX_TEXT_CHARS) {
            error(TEXT, "is longer than " + MAX_TEXT_CHARS + " characters");
        } else {
            UnicodeText.fault(text.asText())
                    .ifPresentOrElse(
                            fault -> error(TEXT, fault), () -> examples.add(Example.ofText(text.asText(), size)));
        }
        return this;
    }

    /** Adds pictures, with an array of as many weights, or null where each weighs 1. */
    ExampleReader pictures(List<Path> pictures, JsonNode weights) {
        if (pictures.size() > MAX_PICTURES) {
            error(IMAGE_FILES, "are too many; a search takes up to " + MAX_PICTURES + " pictures");
            return this;
        }
        if (!isNone(weights) && (!weights.isArray() || weights.size() != pictures.size())) {
            error(
                    IMAGE_WEIGHTS,
                    "takes an array of as many numbers as there are pictures, " + pictures.size()
                            + ", that of image_file first; for example [1,-0.5]");
            return this;
        }
        for (int i = 0; i < pictures.size(); i++) {
            double weight = isNone(weights) ? 1 : weight(IMAGE_WEIGHTS, "/" + i + " ", weights.get(i));
            examples.add(Example.ofPicture(pictures.get(i), weight));
        }
        return this;
    }

    /** Adds products: ids, or objects of an id and a weight; null for none. */
    ExampleReader products(JsonNode products) {
        if (isNone(products)) {
            return this;
        }
        if (!products.isArray()) {
            error(PRODUCTS, PRODUCTS_ADVICE);
        } else if (products.size() > MAX_PRODUCTS) {
            error(PRODUCTS, "are too many; a search takes up to " + MAX_PRODUCTS);
        } else {
            for (int i = 0; i < products.size(); i++) {
                product("/" + i, products.get(i));
            }
        }
        return this;
    }

    private void product(String at, JsonNode product) {
        if (product.isTextual()) {
            product(at, product.asText(), 1);
            return;
        }
        if (!product.isObject() || !product.path("product_id").isTextual()) {
            error(PRODUCTS, at + " is no id of a product; it " + PRODUCTS_ADVICE);
            return;
        }
        for (Iterator<String> names = product.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!PRODUCT_MEMBERS.contains(name)) {
                error(
                        PRODUCTS,
                        at + "/" + name + " is no member of a product"
                                + Suggestion.or(name, PRODUCT_MEMBERS, "there are product_id, weight"));
            }
        }
        double weight = weight(PRODUCTS, at + "/weight ", product.get("weight"));
        product(at, product.get("product_id").asText(), weight);
    }

    private void product(String at, String sent, double weight) {
        String id = ShopId.normal(sent);
        ShopId.fault(id)
                .ifPresentOrElse(
                        fault -> error(PRODUCTS, at + " " + fault), () -> examples.add(Example.ofProduct(id, weight)));
    }

    /** What was added; worth nothing where something is wrong. */
    List<Example> examples() {
        return List.copyOf(examples);
    }

    /**
     * A field of a form that holds JSON.
     *
     * @return null where there is none, or where it is no JSON, which is one of the errors then
     */
    JsonNode json(String field, Object sent) {
        if (sent == null || sent instanceof String text && text.isBlank()) {
            return null;
        }
        if (!(sent instanceof String text)) {
            errors.doubled(field);
            return null;
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            String next = field.equals(PRODUCTS) ? PRODUCTS_ADVICE : "is JSON, for example " + sample(field);
            error(field, "is not JSON: " + e.getOriginalMessage() + "; it " + next);
            return null;
        }
    }

    /** A field of a form that holds text; null where there is none. */
    JsonNode text(String field, Object sent) {
        if (sent instanceof String text) {
            return text.isBlank() ? null : TextNode.valueOf(text);
        }
        if (sent != null) {
            errors.doubled(field);
        }
        return null;
    }

    private static String sample(String field) {
        return field.equals(IMAGE_WEIGHTS) ? "[1,-0.5]" : "0.5";
    }

    private double weight(String field, String at, JsonNode sent) {
        if (isNone(sent)) {
            return 1;
        }
        BigDecimal most = BigDecimal.valueOf(LARGEST_WEIGHT);
        if (!sent.isNumber() || sent.decimalValue().abs().compareTo(most) > 0 || sent.doubleValue() == 0) {
            error(field, at + A_WEIGHT);
            return 1;
        }
        return sent.doubleValue();
    }

    private void error(String field, String detail) {
        errors.add(field, detail);
    }

    private static boolean isNone(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }
}
