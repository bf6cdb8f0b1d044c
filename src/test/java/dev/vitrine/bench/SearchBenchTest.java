package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.bench.Report.IndexSearch;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.ProductIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchBenchTest {
    private static final Plan PLAN = new Plan(
            Duration.ZERO,
            1,
            Duration.ZERO,
            Duration.ZERO,
            0,
            Duration.ZERO,
            Duration.ZERO,
            1,
            new int[] {},
            Duration.ofMillis(300),
            2,
            0,
            Duration.ZERO,
            0,
            0,
            Duration.ZERO,
            new int[] {1});

    @TempDir
    Path folder;

    private final Vectors vectors = new Vectors();

    @Test
    void measuresAnIndexAtEachSize() throws Exception {
        List<IndexSearch> entries = run(Duration.ofMinutes(5), 200, 400);
        assertThat(entries).extracting(IndexSearch::points).containsExactly(200, 400);
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.recall()).isGreaterThan(0.99);
            assertThat(entry.p50()).isBetween(0.01, entry.p99());
            assertThat(entry.indexing()).isPositive();
            assertThat(entry.filtered().recall()).isEqualTo(1);
            assertThat(entry.filtered().p95()).isPositive();
            assertThat(entry.p99Rounds()).hasSize(entry.points() == 400 ? 2 : 1);
        });
    }

    @Test
    void measuresWhatThereIsWhenTimeIsUp() throws Exception {
        List<IndexSearch> entries = run(Duration.ofMillis(500), 10_000_000, 20_000_000);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).points()).isBetween(1, 9_999_999);
        assertThat(entries.get(0).recall()).isGreaterThan(0.95);
    }

    @Test
    void vectorsLieAroundOneDirectionInClusters() {
        double strangers = IntStream.range(0, 500)
                .mapToDouble(i -> cosine(vectors.point(i), vectors.point(1_000 + i)))
                .average()
                .orElseThrow();
        assertThat(strangers).isCloseTo(0.6, within(0.1));
        List<Set<Integer>> truth = vectors.nearest(5_000, 20, 1);
        double nearest = IntStream.range(0, 20)
                .mapToDouble(i -> truth.get(i).stream()
                        .mapToDouble(n -> cosine(vectors.query(i), vectors.point(n)))
                        .sum())
                .average()
                .orElseThrow();
        assertThat(nearest).isGreaterThan(strangers + 0.15);
    }

    private List<IndexSearch> run(Duration time, int... sizes) throws InterruptedException {
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, null, folder, IndexSettings.DEFAULT_DEADLINE);
        try (ProductIndex index = ProductIndex.open(settings, SearchBench.SPACE)) {
            return new SearchBench(vectors, PLAN, System.nanoTime() + time.toNanos()).run(index, sizes, () -> {});
        }
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
