package dev.vitrine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cleared index holds nothing and takes the vectors of another model. */
class IndexClearingTest {
    private static final VectorSpace OTHER = new VectorSpace("other-clip", "b".repeat(64), SamplePoints.DIMENSIONS);

    @TempDir
    private Path data;

    private IndexSettings settings(String url) {
        String name = "c" + UUID.randomUUID();
        return new IndexSettings(
                url, null, name, data.resolve("index"), IndexSettings.DEFAULT_DEADLINE, List.of(name + "-red"));
    }

    private static void fill(IndexSettings settings) {
        fill(settings, 1);
    }

    private static void fill(IndexSettings settings, int generation) {
        for (IndexSettings each :
                List.of(settings, settings.of(settings.others().get(0)))) {
            try (ProductIndex index = ProductIndex.open(each.generation(generation), SamplePoints.SPACE)) {
                index.upsert(SamplePoints.product("p", "main", 1), SamplePoints.vector(1));
            }
        }
    }

    private static void assertCleared(IndexSettings settings) {
        assertThatThrownBy(() -> {
                    try (ProductIndex index = ProductIndex.open(settings, OTHER)) {
                        index.check();
                    }
                })
                .isInstanceOf(VectorSpaceMismatchException.class)
                .hasMessageContaining("./vitrine index clear");
        assertThat(new IndexClearing(settings).places()).hasSize(2);

        new IndexClearing(settings).run();

        for (IndexSettings each :
                List.of(settings, settings.of(settings.others().get(0)))) {
            try (ProductIndex index = ProductIndex.open(each, OTHER)) {
                index.check();
                assertThat(index.count()).isZero();
                index.upsert(SamplePoints.product("p", "main", 1), SamplePoints.vector(1));
                assertThat(index.count()).isOne();
            }
        }
    }

    @Test
    void anEmbeddedIndexTakesAnotherModel() {
        IndexSettings settings = settings(IndexSettings.EMBEDDED);
        assertThat(new IndexClearing(settings).places()).isEmpty();
        fill(settings);
        assertCleared(settings);
    }

    @Test
    void aQdrantCollectionTakesAnotherModel() {
        IndexSettings settings = settings(QdrantServer.shared().grpcUrl());
        new IndexClearing(settings).run(); // of what is not there yet
        fill(settings);
        assertCleared(settings);
    }

    /** Of which a reindex has left two. */
    private static void assertAllGenerationsCleared(IndexSettings settings) {
        fill(settings);
        fill(settings, 2);
        assertThat(new IndexClearing(settings, 2).places()).hasSize(4);
        try (ProductIndex index = ProductIndex.open(settings.generation(2), OTHER)) {
            assertThatThrownBy(index::check).isInstanceOf(VectorSpaceMismatchException.class);
        } catch (VectorSpaceMismatchException e) {
            // an embedded one says so when it is opened
        }
        new IndexClearing(settings, 2).run();
        for (IndexSettings each : List.of(settings, settings.generation(2))) {
            try (ProductIndex index = ProductIndex.open(each, OTHER)) {
                index.check();
                assertThat(index.count()).isZero();
            }
        }
    }

    @Test
    void everyGenerationOfAnEmbeddedIndexIsCleared() {
        assertAllGenerationsCleared(settings(IndexSettings.EMBEDDED));
    }

    @Test
    void everyGenerationInQdrantIsCleared() {
        assertAllGenerationsCleared(settings(QdrantServer.shared().grpcUrl()));
    }

    @Test
    void aLaterGenerationInUseIsLeftAlone() {
        IndexSettings settings = settings(IndexSettings.EMBEDDED);
        try (ProductIndex index = ProductIndex.open(settings.generation(2), SamplePoints.SPACE)) {
            index.upsert(SamplePoints.product("p", "main", 1), SamplePoints.vector(1));
            assertThatThrownBy(() -> new IndexClearing(settings, 2).run())
                    .isInstanceOf(IndexUnavailableException.class);
            assertThat(index.count()).isOne();
        }
    }

    @Test
    void anEmbeddedIndexInUseIsLeftAlone() {
        IndexSettings settings = settings(IndexSettings.EMBEDDED);
        try (ProductIndex index = ProductIndex.open(settings, SamplePoints.SPACE)) {
            index.upsert(SamplePoints.product("p", "main", 1), SamplePoints.vector(1));
            assertThatThrownBy(() -> new IndexClearing(settings).run())
                    .isInstanceOf(IndexUnavailableException.class)
                    .hasMessageContaining("stop it first");
            assertThat(index.count()).isOne();
        }
    }
}
