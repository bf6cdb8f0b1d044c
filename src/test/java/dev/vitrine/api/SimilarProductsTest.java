package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.http.ProblemException;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductCollections.UnknownCollectionException;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.Generations;
import dev.vitrine.reindex.StateFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What routes ask of products that are there: lists, what is like them, and searches by them. */
class SimilarProductsTest {
    private static final VectorSpace SPACE = new VectorSpace("tiny", "a".repeat(64), 2);
    private static final float[] EAST = {1, 0};
    private static final float[] NORTH = {0, 1};
    private static final float[] NORTH_EAST = {1, 1};

    @TempDir
    private Path folder;

    private ProductIndex main;
    private ProductCollections indexes;
    private SimilarProducts similar;
    private ProductList list;
    private ExampleEmbedder examples;

    @BeforeEach
    void open() {
        IndexSettings settings = new IndexSettings(
                IndexSettings.EMBEDDED, "", "products", folder.resolve("index"), IndexSettings.DEFAULT_DEADLINE);
        main = ProductIndex.open(settings, SPACE);
        indexes = new ProductCollections(main, settings, SPACE);
        similar = new SimilarProducts(indexes, new SearchTimes(new SimpleMeterRegistry()));
        list = new ProductList(indexes);
        examples = new ExampleEmbedder(
                new Generations(new StateFile(folder), null, new Generation(null, null, indexes.serving())),
                null,
                new ProductVectors(indexes));
        put("mug", "front", EAST);
        put("mug", "back", NORTH);
        put("cup", "main", NORTH_EAST);
        put("lamp", "main", EAST);
    }

    @AfterEach
    void close() {
        main.close();
    }

    private void put(String productId, String imageId, float[] vector) {
        main.upsert(new Product(productId, imageId, "Name", Instant.EPOCH, 1, "tiny", Map.of()), vector);
    }

    @Test
    void severalPicturesStandForAProductByTheirMeanDirection() {
        SearchResults found = similar.find("mug", null, null, null, "1", null);
        assertThat(found.model()).isEqualTo("tiny");
        assertThat(found.results()).extracting(SearchResults.Result::productId).containsExactly("cup", "lamp");
        assertThat(found.results().get(0).score()).isGreaterThan(0.9999f);
        assertThat(found.results().get(0).others()).isEmpty();
        assertThat(similar.find("lamp", "1", "0.7", "{}", "1", null).results())
                .extracting(SearchResults.Result::imageId)
                .containsExactly("front");
        assertThat(similar.find("lamp", "1", null, null, null, null)
                        .results()
                        .get(0)
                        .others())
                .isNull();
    }

    @Test
    void picturesThatAreOppositesHaveNoDirection() {
        put("globe", "front", EAST);
        put("globe", "back", new float[] {-1, 0});
        assertThatThrownBy(() -> similar.find("globe", null, null, null, null, null))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(422))
                .hasMessageContaining("globe");
    }

    @Test
    void anotherCollectionHasNoneOfThese() {
        assertThatThrownBy(() -> similar.find("mug", null, null, null, null, "spring"))
                .isInstanceOf(UnknownCollectionException.class);
        assertThatThrownBy(() -> list.list(null, null, null, "spring")).isInstanceOf(UnknownCollectionException.class);
        assertThat(list.list(null, "2", null, "products").products()).hasSize(2);
    }

    @Test
    void examplesAreSummedAndUnknownOnesNamedTogether() throws Exception {
        assertThat(examples.embed(query(Example.ofProduct("lamp", 4), Example.ofProduct("mug", -1)), null, exchange()))
                .satisfies(vector -> assertThat(vector[0]).isGreaterThan(0.97f))
                .satisfies(vector -> assertThat(vector[1]).isNegative());
        assertThatThrownBy(() -> examples.embed(
                        query(Example.ofProduct("x", 1), Example.ofProduct("mug", 1), Example.ofProduct("y", 1)),
                        null,
                        exchange()))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.status()).isEqualTo(404);
                    assertThat(e.errors()).hasSize(2);
                });
        assertThatThrownBy(() -> examples.embed(
                        query(Example.ofProduct("mug", 1), Example.ofProduct("cup", -1)), null, exchange()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(422));
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }

    private static Searches.Query query(Example... examples) {
        return new Searches.Query(null, null, List.of(examples), 10, -1, null, 0, 0);
    }
}
