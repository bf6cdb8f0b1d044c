package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.index.SearchHit;
import java.util.List;
import java.util.Map;

/**
 * The answer of a search.
 *
 * @param model which made the vectors
 * @param tookMs since the request was read
 * @param results the nearest first
 */
public record SearchResults(
        @JsonProperty("model") String model,
        @JsonProperty("took_ms") double tookMs,
        @JsonProperty("results") List<Result> results) {

    /** A product found, with the picture of it that is nearest. */
    public record Result(
            @JsonProperty("product_id") String productId,
            @JsonProperty("image_id") String imageId,
            @JsonProperty("name") String name,
            @JsonProperty("score") float score,
            @JsonProperty("metadata") Map<String, Object> metadata) {}

    /** @param startNanos when the request was read, {@link System#nanoTime()} */
    static SearchResults of(String model, List<SearchHit> hits, long startNanos) {
        List<Result> results = hits.stream().map(SearchResults::result).toList();
        return new SearchResults(model, Math.round((System.nanoTime() - startNanos) / 1e4) / 100.0, results);
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
