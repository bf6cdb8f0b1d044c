package dev.vitrine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.bench.Report.Filtered;
import dev.vitrine.bench.Report.IndexSearch;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A filter that one of a thousand points meets is searched as fast as none, and finds the nearest of those that meet it. */
@Tag("slow")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FilteredSearchTest {
    private static final int POINTS = Integer.getInteger("filter.points", 100_000);

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
            Duration.ofSeconds(5),
            5,
            0,
            Duration.ZERO,
            0,
            0,
            Duration.ZERO,
            new int[] {1});

    @TempDir
    Path folder;

    @Test
    void inLucene() throws Exception {
        IndexSettings settings =
                new IndexSettings(IndexSettings.EMBEDDED, null, null, folder, IndexSettings.DEFAULT_DEADLINE);
        measure("Lucene", settings, () -> SearchBench.awaitIdle(Duration.ofMinutes(2)));
    }

    @Test
    void inQdrantWithAnIndexOfTheField() throws Exception {
        try (QdrantServer server = QdrantServer.startNew(Map.of());
                QdrantHost host =
                        QdrantHost.find(server.grpcUrl(), null, folder).orElseThrow()) {
            measure("Qdrant", host.settings(), () -> host.awaitIndexed(Duration.ofSeconds(45)));
        }
    }

    private static void measure(String name, IndexSettings settings, SearchBench.Settling settling) throws Exception {
        try (ProductIndex index = ProductIndex.open(settings, SearchBench.SPACE)) {
            IndexSearch search = new SearchBench(
                            new Vectors(),
                            PLAN,
                            System.nanoTime() + Duration.ofMinutes(15).toNanos())
                    .run(index, new int[] {POINTS}, settling)
                    .get(0);
            Filtered filtered = search.filtered();
            System.out.println(name + ", " + search.points() + " points: " + filtered);
            assertThat(filtered.recall()).isGreaterThanOrEqualTo(0.95);
            assertThat(filtered.p95()).isLessThanOrEqualTo(2 * filtered.unfilteredP95());
        }
    }
}
