package dev.vitrine.api;

import dev.vitrine.http.FieldErrors;
import dev.vitrine.http.ParameterRules;
import dev.vitrine.reindex.Reindexing;
import java.util.Map;

/** What the API's own paths ask of their query parameters. */
public final class QueryRules implements ParameterRules {

    @Override
    public void check(String path, Map<String, String> values, FieldErrors errors) {
        switch (path) {
            case "/jobs" -> {
                errors.read(() -> Jobs.ids(values.getOrDefault("ids", "")));
                errors.read(() -> Jobs.status(values.get("status")));
                errors.read(() -> Jobs.limit(values.get("limit")));
                errors.read(() -> Jobs.cursor(values.get("cursor")));
                times(values, errors);
            }
            case "/jobs/retry" -> {
                errors.read(() -> {
                    Jobs.requireFailed(values.get("status"));
                    return null;
                });
                errors.read(() -> JobRetries.isTrue(values.get("dry_run")));
                times(values, errors);
            }
            case "/products" -> {
                numbersAndFilter(values, errors);
                errors.read(() -> ProductList.cursor(values.get("cursor")));
            }
            case "/products/{product_id}/similar" -> {
                numbersAndFilter(values, errors);
                errors.read(() -> RequestNumbers.others(values.get(RequestNumbers.OTHERS), 1));
            }
            case "/reindex", "/reindex/rollback" ->
                errors.read(() -> Reindexing.allowsMissing(values.get("allow_missing")));
            case "/export" -> {
                errors.read(() -> FilterReader.read(values.get(FilterReader.FIELD)));
                errors.read(() -> ProductExport.withVectors(values.get("vectors")));
            }
            default -> {
                // a path of a site's own, or one that takes none
            }
        }
    }

    private static void times(Map<String, String> values, FieldErrors errors) {
        errors.read(() -> JobMatch.read(null, values.get("since"), null));
        errors.read(() -> JobMatch.read(null, null, values.get("until")));
    }

    private static void numbersAndFilter(Map<String, String> values, FieldErrors errors) {
        errors.read(() -> RequestNumbers.limit(values.get("limit"), 1));
        errors.read(() -> RequestNumbers.minScore(values.get("min_score")));
        errors.read(() -> FilterReader.read(values.get(FilterReader.FIELD)));
    }
}
