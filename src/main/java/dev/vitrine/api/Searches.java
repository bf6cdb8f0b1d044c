package dev.vitrine.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.http.Multipart;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.Filter;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.SearchHit;
import dev.vitrine.index.UnicodeText;
import dev.vitrine.text.Suggestion;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Variable;

/** Reads a search from a request and answers it. */
public final class Searches {
    private static final String FIELDS = "limit, min_score, filter";
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_TEXT_CHARS = 2_000;
    private static final List<String> MEMBERS = List.of("text", "limit", "min_score", FilterReader.FIELD);
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");
    private static final String ADVICE = "Search by words with JSON, curl -H 'Content-Type: application/json' -d"
            + " '{\"text\":\"red mug\"}', or by a picture with a form, curl -F image_file=@mug.jpg";

    /**
     * What to look for: by text or by picture, one of them null.
     *
     * @param filter what the metadata of a picture must be like; null for no filter
     * @param startNanos when the request was read, {@link System#nanoTime()}
     */
    public record Query(String text, Path picture, int limit, float minScore, Filter filter, long startNanos) {}

    private final ProductCollections indexes;
    private final String model;
    private final Multipart multipart;
    private final ObjectReader json = new ObjectMapper()
            .reader()
            .with(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    public Searches(ProductCollections indexes, String model, Multipart multipart) {
        this.indexes = indexes;
        this.model = model;
        this.multipart = multipart;
    }

    /**
     * Reads a multipart request with {@code image_file} or a JSON object with {@code text}; both may carry {@code limit}
     * (1 to 1,000, default 10), {@code min_score} (−1 to 1) and {@code filter}, an object, in a form as text. A request that
     * does not say what it is counts as JSON.
     *
     * @throws ProblemException naming the field at fault
     */
    public Query read(Exchange exchange) {
        long start = System.nanoTime();
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (type.isBlank() || isOf(type, "application/json")) {
            return text(words(exchange, type), start);
        }
        if (!isOf(type, "multipart/form-data")) {
            throw new ProblemException(415, "This is " + type + ". " + ADVICE, List.of());
        }
        multipart.readFields(exchange, FIELDS);
        Message form = exchange.getMessage();
        File picture = form.getBody(File.class);
        if (picture == null) {
            throw ProblemException.ofField(400, "image_file", "is missing; send a picture, or words as JSON");
        }
        return query(
                null,
                picture.toPath(),
                form.getHeader("limit"),
                form.getHeader("min_score"),
                FilterReader.read(single(form.getHeader(FilterReader.FIELD))),
                start);
    }

    /**
     * The nearest products to a query's vector.
     *
     * @param collection null for the main one
     */
    public SearchResults find(
            @Variable("query") Query query, @Body float[] vector, @Variable("collection") String collection) {
        List<SearchHit> hits = indexes.of(collection).search(vector, query.limit(), query.minScore(), query.filter());
        return SearchResults.of(model, hits, query.startNanos());
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

    private static Query text(JsonNode query, long start) {
        query.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw ProblemException.ofField(
                        400,
                        name,
                        "is no member of a search"
                                + Suggestion.or(name, MEMBERS, "there are " + String.join(", ", MEMBERS)));
            }
        });
        JsonNode text = query.path("text");
        if (!text.isTextual() || text.asText().isBlank()) {
            throw ProblemException.ofField(
                    400, "text", "is missing, empty or no text; send for example {\"text\":\"red mug\"}");
        }
        if (text.asText().length() > MAX_TEXT_CHARS) {
            throw ProblemException.ofField(400, "text", "is longer than " + MAX_TEXT_CHARS + " characters");
        }
        UnicodeText.fault(text.asText()).ifPresent(fault -> {
            throw ProblemException.ofField(400, "text", fault);
        });
        return query(
                text.asText(),
                null,
                query.get("limit"),
                query.get("min_score"),
                FilterReader.read(query.get(FilterReader.FIELD)),
                start);
    }

    private static Query query(
            String text, Path picture, Object limit, Object minScore, Optional<Filter> filter, long start) {
        return new Query(
                text,
                picture,
                RequestNumbers.limit(limit, DEFAULT_LIMIT),
                RequestNumbers.minScore(minScore),
                filter.orElse(null),
                start);
    }

    private static String single(Object field) {
        if (field instanceof List<?>) {
            throw ProblemException.ofField(400, FilterReader.FIELD, "was sent more than once");
        }
        return (String) field;
    }
}
