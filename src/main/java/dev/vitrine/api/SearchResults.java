package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.index.ProductQuery;
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

    /** A product found, with the picture of it that is nearest; {@code others} is null where no others were asked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            @JsonProperty("product_id") String productId,
            @JsonProperty("image_id") String imageId,
            @JsonProperty("name") String name,
            @JsonProperty("score") float score,
            @JsonProperty("metadata") Map<String, Object> metadata,
            @JsonProperty("other_pictures") List<Picture> others) {}

    /** Another picture of a product found. */
    public record Picture(
            @JsonProperty("image_id") String imageId,
            @JsonProperty("name") String name,
            @JsonProperty("score") float score,
            @JsonProperty("metadata") Map<String, Object> metadata) {}

    /**
     * Answers what an index found.
     *
     * @param query what was asked for
     * @param startNanos when the request was read, {@link System#nanoTime()}
     */
    static SearchResults of(String model, ProductQuery query, List<SearchHit> hits, long startNanos) {
        List<Result> results =
                hits.stream().map(hit -> result(hit, query.others() > 0)).toList();
        return new SearchResults(model, Math.round((System.nanoTime() - startNanos) / 1e4) / 100.0, results);
    }

    private static Result result(SearchHit hit, boolean withOthers) {
        return new Result(
                hit.product().productId(),
                hit.product().imageId(),
                hit.product().name(),
                hit.score(),
                hit.product().metadata(),
                withOthers ? hit.others().stream().map(SearchResults::picture).toList() : null);
    }

    private static Picture picture(SearchHit.Other other) {
        return new Picture(
                other.product().imageId(),
                other.product().name(),
                other.score(),
                other.product().metadata());
    }
}
