package dev.vitrine.api;

import static dev.vitrine.api.ExampleReader.IMAGE_FILES;
import static dev.vitrine.api.ExampleReader.IMAGE_WEIGHTS;
import static dev.vitrine.api.ExampleReader.PRODUCTS;
import static dev.vitrine.api.ExampleReader.TEXT;
import static dev.vitrine.api.ExampleReader.TEXT_WEIGHT;
import static dev.vitrine.api.RequestNumbers.OTHERS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.Multipart;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.IndexSet;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductQuery;
import dev.vitrine.reindex.Generation;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** Reads a search from a request and answers it. */
public final class Searches {
    private static final List<String> FIELDS =
            List.of("limit", "min_score", FilterReader.FIELD, TEXT, TEXT_WEIGHT, PRODUCTS, IMAGE_WEIGHTS, OTHERS);
    private static final int DEFAULT_LIMIT = 10;
    private static final List<String> MEMBERS =
            List.of("text", "text_weight", "products", "limit", "min_score", FilterReader.FIELD, OTHERS);
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");
    private static final String ADVICE = "Search by words with JSON, curl -H 'Content-Type: application/json' -d"
            + " '{\"text\":\"red mug\"}', or by a picture with a form, curl -F image_file=@mug.jpg";

    /**
     * What to look for: by a text, by a picture, or by several examples; one of the three is not null.
     *
     * @param filter what the metadata of a picture must be like; null for no filter
     * @param others how many other pictures of each product to show
     * @param startNanos when the request was read, {@link System#nanoTime()}
     */
    public record Query(
            String text,
            Path picture,
            List<Example> examples,
            int limit,
            float minScore,
            Filter filter,
            int others,
            long startNanos) {

        SearchTimes.Mode mode() {
            if (text != null) {
                return SearchTimes.Mode.TEXT;
            }
            return picture != null ? SearchTimes.Mode.PICTURE : SearchTimes.Mode.COMBINED;
        }

        /** The products that are examples, and so not what is looked for. */
        Set<String> exampleProducts() {
            return examples == null
                    ? Set.of()
                    : examples.stream()
                            .map(Example::productId)
                            .filter(Objects::nonNull)
                            .collect(Collectors.toSet());
        }
    }

    private final ProductCollections indexes;
    private final Multipart multipart;
    private final SearchTimes times;
    private final ObjectReader json = new ObjectMapper()
            .reader()
            .with(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** @param times how long searches took */
    Searches(ProductCollections indexes, Multipart multipart, SearchTimes times) {
        this.indexes = indexes;
        this.multipart = multipart;
        this.times = times;
    }

    /**
     * Reads a JSON object with {@code text} or {@code products}, or a form with {@code image_file} and whatever else. All may
     * carry weights, {@code limit} (1 to 1,000, default 10), {@code min_score} (−1 to 1) and {@code filter}, an object; in a
     * form JSON is text. A request that does not say what it is counts as JSON.
     *
     * @throws ProblemException with all that is wrong
     */
    public Query read(Exchange exchange) {
        long start = System.nanoTime();
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (type.isBlank() || isOf(type, "application/json")) {
            return object(words(exchange, type), start);
        }
        if (!isOf(type, "multipart/form-data")) {
            throw new ProblemException(415, "This is " + type + ". " + ADVICE, List.of());
        }
        return form(exchange, start);
    }

    private Query form(Exchange exchange, long start) {
        FieldErrors errors = new FieldErrors();
        List<Path> more = multipart.collect(exchange, FIELDS, List.of(IMAGE_FILES), errors);
        Message form = exchange.getMessage();
        File picture = form.getBody(File.class);
        ExampleReader reader = new ExampleReader(errors);
        if (picture != null) {
            List<Path> pictures =
                    Stream.concat(Stream.of(picture.toPath()), more.stream()).toList();
            reader.pictures(pictures, reader.json(IMAGE_WEIGHTS, form.getHeader(IMAGE_WEIGHTS)));
        } else if (!errors.has("image_file")) {
            errors.add("image_file", "is missing; send a picture, or words as JSON");
        }
        reader.words(reader.text(TEXT, form.getHeader(TEXT)), reader.json(TEXT_WEIGHT, form.getHeader(TEXT_WEIGHT)))
                .products(reader.json(PRODUCTS, form.getHeader(PRODUCTS)));
        return query(
                reader.examples(),
                form.getHeader("limit"),
                form.getHeader("min_score"),
                () -> FilterReader.read(single(form.getHeader(FilterReader.FIELD))),
                form.getHeader(OTHERS),
                errors,
                start);
    }

    /**
     * The nearest products to a query's vector.
     *
     * @param collection null for the main one
     * @param generation whose model made the vector; null for the one that serves
     */
    public SearchResults find(
            @Variable("query") Query query,
            @Body float[] vector,
            @Variable("collection") String collection,
            @Variable("generation") Generation generation) {
        IndexSet taken = generation == null ? indexes.serving() : generation.indexes();
        ProductQuery wanted = new ProductQuery(
                vector, query.limit(), query.minScore(), query.filter(), query.exampleProducts(), query.others());
        SearchResults found = SearchResults.of(
                taken.space().model(),
                wanted,
                taken.of(indexes.known(collection)).search(wanted),
                query.startNanos());
        times.answered(query.mode(), query.startNanos());
        return found;
    }

    /** The object in the body. JSON is UTF-8 unless the request names another charset. */
    private JsonNode words(Exchange exchange, String type) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        if (body == null || body.length == 0) {
            throw new ProblemException(400, "The body is empty. " + ADVICE, List.of());
        }
        try {
            JsonNode node = json.readTree(new String(body, charset(type)).replaceFirst("^\uFEFF", ""));
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    400, "The body is not JSON: " + e.getOriginalMessage() + ". " + ADVICE, List.of(), e);
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    400, "The body has a number with an exponent that is too large. " + ADVICE, List.of(), e);
        }
        throw new ProblemException(400, "The body is not a JSON object. " + ADVICE, List.of());
    }

    private static Charset charset(String type) {
        Matcher matcher = CHARSET.matcher(type);
        if (!matcher.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    415, "There is no charset " + matcher.group(1) + " here; send JSON in UTF-8.", List.of(), e);
        }
    }

    private static boolean isOf(String type, String wanted) {
        return type.split(";", 2)[0].strip().equalsIgnoreCase(wanted);
    }

    private static Query object(JsonNode query, long start) {
        FieldErrors errors = new FieldErrors();
        query.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                errors.unknown(name, "is no member of a search", MEMBERS, "there are " + String.join(", ", MEMBERS));
            }
        });
        List<Example> examples = new ExampleReader(errors)
                .words(query.get(TEXT), query.get(TEXT_WEIGHT))
                .products(query.get(PRODUCTS))
                .examples();
        if (examples.isEmpty() && !errors.has(TEXT) && !errors.has(PRODUCTS)) {
            errors.add(
                    TEXT,
                    "is missing; send for example {\"text\":\"red mug\"}, or {\"products\":[\"mug-1\"]}, or both");
        }
        return query(
                examples,
                query.get("limit"),
                query.get("min_score"),
                () -> FilterReader.read(query.get(FilterReader.FIELD)),
                query.get(OTHERS),
                errors,
                start);
    }

    private static Query query(
            List<Example> examples,
            Object limit,
            Object minScore,
            Supplier<Optional<Filter>> filter,
            Object others,
            FieldErrors errors,
            long start) {
        Integer most = errors.read(() -> RequestNumbers.limit(limit, DEFAULT_LIMIT));
        Float least = errors.read(() -> RequestNumbers.minScore(minScore));
        Filter wanted = errors.read(() -> filter.get().orElse(null));
        Integer pictures = errors.read(() -> RequestNumbers.others(others, most == null ? 1 : most));
        errors.check();
        Example only = examples.get(0);
        boolean isOne = examples.size() == 1 && only.weight() > 0 && only.productId() == null;
        return new Query(
                isOne ? only.text() : null,
                isOne ? only.picture() : null,
                isOne ? null : examples,
                most,
                least,
                wanted,
                pictures,
                start);
    }

    private static String single(Object field) {
        if (field instanceof List<?>) {
            throw ProblemException.ofField(400, FilterReader.FIELD, "was sent more than once; send it once");
        }
        return (String) field;
    }
}
