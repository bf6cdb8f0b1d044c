package dev.vitrine.bench;

import dev.vitrine.bench.Report.Filtered;
import dev.vitrine.index.FieldPath;
import dev.vitrine.index.Filter;
import dev.vitrine.index.FilterField;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.SearchHit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Searches with a filter that one point of a thousand meets, in turns with searches without: how much longer they take, and
 * how many of the nearest they find. The points that meet it lie anywhere, as those of one brand or one size do.
 */
final class FilterBench {
    /** The field of metadata that the filters ask about; a point's number by {@link #GROUPS}. */
    static final String FIELD = "group";

    /** One point in so many meets a filter. */
    static final int GROUPS = 1_000;

    /** What Qdrant is to index. */
    static final List<FilterField> FIELDS = List.of(FilterField.of(FIELD + ":number"));

    private static final int TOP = 10;
    private static final int RECALL_QUERIES = 200;

    private final Vectors vectors;
    private final Plan plan;
    private final FixedRate rate;

    FilterBench(Vectors vectors, Plan plan, FixedRate rate) {
        this.vectors = vectors;
        this.plan = plan;
        this.rate = rate;
    }

    /** @param points that the index holds: those with the numbers below it */
    Filtered run(ProductIndex index, int points, int rounds) throws InterruptedException {
        rate.run(plan.search(), i -> filtered(index, i)); // warms up
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            with.add(p95(rate.run(plan.search(), i -> filtered(index, i))));
            without.add(p95(rate.run(plan.search(), i -> index.search(vectors.query(i), TOP, -1))));
        }
        return new Filtered(1.0 / GROUPS, Figures.median(with), Figures.median(without), recall(index, points));
    }

    private List<SearchHit> filtered(ProductIndex index, int number) {
        return index.search(vectors.query(number), TOP, -1, filter(number));
    }

    private static Filter filter(int number) {
        return new Filter.AnyOf(FieldPath.of(FIELD), List.of(number % GROUPS));
    }

    private double recall(ProductIndex index, int points) {
        int found = 0;
        int all = 0;
        for (int query = 0; query < RECALL_QUERIES; query++) {
            IntStream group = IntStream.iterate(query % GROUPS, number -> number < points, number -> number + GROUPS);
            Set<String> expected = vectors.nearest(group, query, TOP).stream()
                    .map(number -> "p" + number)
                    .collect(Collectors.toSet());
            all += expected.size();
            for (SearchHit hit : filtered(index, query)) {
                found += expected.contains(hit.product().productId()) ? 1 : 0;
            }
        }
        return all == 0 ? Double.NaN : (double) found / all;
    }

    private static double p95(Histogram micros) {
        return micros.getValueAtPercentile(95) / 1e3;
    }
}
