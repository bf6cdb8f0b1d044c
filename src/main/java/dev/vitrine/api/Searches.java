package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.vitrine.http.Multipart;
import dev.vitrine.http.ProblemException;
import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.index.SearchHit;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Reads a search from a request and answers it. */
public final class Searches {
    private static final String FIELDS = "limit, min_score";
    private static final int DEFAULT_LIMIT = 10;
    private static final int LARGEST_LIMIT = 1_000;
    private static final int MAX_TEXT_CHARS = 2_000;

    /**
     * What to look for: by text or by picture, one of them null.
     *
     * @param startNanos when the request was read, {@link System#nanoTime()}
     */
    public record Query(String text, Path picture, int limit, float minScore, long startNanos) {}

    /** The answer of a search. */
    public record Results(
            @JsonProperty("model") String model,
            @JsonProperty("took_ms") double tookMs,
            @JsonProperty("results") List<Result> results) {}

    /** A product found. */
    public record Result(
            @JsonProperty("product_id") String productId,
            @JsonProperty("image_id") String imageId,
            @JsonProperty("name") String name,
            @JsonProperty("score") float score,
            @JsonProperty("metadata") Map<String, Object> metadata) {}

    private record TextQuery(
            @JsonProperty("text") String text,
            @JsonProperty("limit") Integer limit,
            @JsonProperty("min_score") Float minScore) {}

    private final CollectionIndexes indexes;
    private final String model;
    private final Multipart multipart;
    private final ObjectReader textQueries = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .readerFor(TextQuery.class);

    public Searches(CollectionIndexes indexes, String model, Multipart multipart) {
        this.indexes = indexes;
        this.model = model;
        this.multipart = multipart;
    }

    /**
     * Reads a multipart request with {@code image_file} or a JSON object with {@code text}; both may carry {@code limit}
     * (1 to 1,000, default 10) and {@code min_score} (−1 to 1).
     *
     * @throws ProblemException naming the field at fault
     */
    public Query read(Exchange exchange) {
        long start = System.nanoTime();
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (type.regionMatches(true, 0, "application/json", 0, 16)) {
            return text(exchange.getMessage().getBody(String.class), start);
        }
        multipart.readFields(exchange, FIELDS);
        File picture = exchange.getMessage().getBody(File.class);
        if (picture == null) {
            throw ProblemException.ofField(
                    400, "image_file", "is missing; send a picture, or application/json with \"text\"");
        }
        Integer limit = number("limit", exchange.getMessage().getHeader("limit", String.class), Integer::valueOf);
        Float minScore =
                number("min_score", exchange.getMessage().getHeader("min_score", String.class), Float::valueOf);
        return query(null, picture.toPath(), limit, minScore, start);
    }

    /**
     * The nearest products to a query's vector.
     *
     * @param collection null for the main one
     */
    public Results find(Query query, float[] vector, String collection) {
        List<Result> results = indexes.of(collection).search(vector, query.limit(), query.minScore()).stream()
                .map(Searches::result)
                .toList();
        double tookMs = Math.round((System.nanoTime() - query.startNanos()) / 1e4) / 100.0;
        return new Results(model, tookMs, results);
    }

    private Query text(String json, long start) {
        TextQuery query;
        try {
            query = json == null ? null : textQueries.readValue(json);
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    400,
                    "The body is no search: " + e.getOriginalMessage() + ". Send for example {\"text\":\"red mug\"}.",
                    List.of(),
                    e);
        }
        if (query == null || query.text() == null || query.text().isBlank()) {
            throw ProblemException.ofField(400, "text", "is missing or empty; send for example {\"text\":\"red mug\"}");
        }
        if (query.text().length() > MAX_TEXT_CHARS) {
            throw ProblemException.ofField(400, "text", "is longer than " + MAX_TEXT_CHARS + " characters");
        }
        return query(query.text(), null, query.limit(), query.minScore(), start);
    }

    private static Query query(String text, Path picture, Integer limit, Float minScore, long start) {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > LARGEST_LIMIT) {
            throw ProblemException.ofField(400, "limit", "must be from 1 to " + LARGEST_LIMIT);
        }
        float least = minScore == null ? -1 : minScore;
        if (!(least >= -1 && least <= 1)) {
            throw ProblemException.ofField(400, "min_score", "must be from -1 to 1");
        }
        return new Query(text, picture, most, least, start);
    }

    private static <N> N number(String field, String text, Function<String, N> parse) {
        try {
            return text == null || text.isBlank() ? null : parse.apply(text.strip());
        } catch (NumberFormatException e) {
            throw ProblemException.ofField(400, field, "'" + text + "' is no number");
        }
    }

    private static Result result(SearchHit hit) {
        return new Result(
                hit.product().productId(),
                hit.product().imageId(),
                hit.product().name(),
                hit.score(),
                hit.product().metadata());
    }
}
