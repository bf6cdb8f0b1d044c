package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.index.Filter.And;
import dev.vitrine.index.Filter.AnyOf;
import dev.vitrine.index.Filter.Not;
import dev.vitrine.index.Filter.Or;
import dev.vitrine.testing.QdrantServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A filter of which Qdrant has no index is refused where, and only where, it would have to read too many points. */
class QdrantScansTest {
    private static final int POINTS = 200;
    private static final int MAX_READ = 60;

    private static final Filter RARE = any("kind", "k3");
    private static final Filter COMMON = any("sold_out", false);
    private static final Filter COLOUR = any("colour", "red");

    private static QdrantIndex index;

    private static Filter any(String field, Object value) {
        return new AnyOf(FieldPath.of(field), List.of(value));
    }

    @BeforeAll
    static void fill() {
        IndexSettings settings = new IndexSettings(
                        QdrantServer.shared().grpcUrl(),
                        null,
                        "scans-" + UUID.randomUUID(),
                        null,
                        Duration.ofSeconds(20))
                .withFilterFields(FilterField.all(List.of("kind:keyword", "sold_out:bool")));
        index = new QdrantIndex(settings, SPACE, MAX_READ);
        IntStream.range(0, POINTS).parallel().forEach(i -> {
            Map<String, Object> metadata =
                    Map.of("kind", "k" + i % 10, "sold_out", i % 50 == 0, "colour", i % 2 == 0 ? "red" : "blue");
            index.upsert(product("p" + i, "main", 1, metadata), vector(i));
        });
        await().untilAsserted(() -> {
            index.check();
            assertRefused(() -> index.count(COLOUR), "colour:keyword");
        });
    }

    @AfterAll
    static void close() {
        index.close();
    }

    private static void assertRefused(ThrowingCallable call, String fields) {
        assertThatThrownBy(call)
                .isInstanceOf(UnindexedFilterException.class)
                .hasMessageContaining("asks for " + fields + ", which Qdrant has no index of")
                .hasMessageContaining("add " + fields + " to VITRINE_FILTER_FIELDS")
                .hasMessageContaining("there are: kind, sold_out");
    }

    @Test
    void anUnindexedFieldIsRefusedInASearchAListACountAndADeletion() {
        assertRefused(() -> index.search(vector(1), 5, -1, COLOUR), "colour:keyword");
        assertRefused(() -> index.count(COLOUR), "colour:keyword");
        assertRefused(() -> index.list(null, 5, COLOUR), "colour:keyword");
        assertRefused(() -> index.delete(COLOUR, 9), "colour:keyword");
        assertRefused(() -> index.admit(COLOUR), "colour:keyword");
        assertThat(index.count()).isEqualTo(POINTS);
    }

    @Test
    void anIndexedFieldIsNot() {
        assertThat(index.count(RARE)).isEqualTo(20);
        assertThat(index.count(COMMON)).isEqualTo(196);
        assertThat(index.count(null)).isEqualTo(POINTS);
        assertThat(index.search(vector(1), 5, -1, COMMON)).hasSize(5);
    }

    @Test
    void besideAnIndexedFieldThatLeavesFewPointsAnyFieldMayBeAskedFor() {
        assertThat(index.count(new And(List.of(RARE, any("colour", "blue"))))).isEqualTo(20);
        assertThat(index.search(vector(1), 5, -1, new And(List.of(RARE, new Not(COLOUR)))))
                .hasSize(5);
        assertRefused(() -> index.count(new And(List.of(COMMON, COLOUR))), "colour:keyword");
        assertRefused(() -> index.count(new Or(List.of(RARE, COLOUR))), "colour:keyword");
        assertRefused(() -> index.count(new And(List.of(COLOUR, any("kind", 3)))), "colour:keyword,kind:number");
    }
}
