package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lucene, Qdrant with and without indexes of fields, and the plain meaning of a filter answer the same products. */
class FilterEquivalenceTest {
    private static final int PRODUCTS = 400;

    @TempDir
    static Path folder;

    private static final Map<String, Map<String, Object>> METADATA = new LinkedHashMap<>();
    private static ProductIndex lucene;
    private static ProductIndex qdrant;
    private static ProductIndex indexed;

    /** Of each type, over values of every type. */
    private static final List<FilterField> FIELDS = FilterField.all(List.of(
            "a:number",
            "b:keyword",
            "B:bool",
            "größe:number",
            "\"size.eu\":keyword",
            "a.b:number",
            "a.a",
            "[0]",
            "日本:bool"));

    @BeforeAll
    static void fill() {
        lucene = ProductIndex.open(settings(IndexSettings.EMBEDDED), SPACE);
        qdrant = ProductIndex.open(settings(QdrantServer.shared().grpcUrl()), SPACE);
        indexed = ProductIndex.open(settings(QdrantServer.shared().grpcUrl()).withFilterFields(FIELDS), SPACE);
        RandomFilters random = new RandomFilters(1);
        for (int i = 0; i < PRODUCTS; i++) {
            METADATA.put("p" + i, Metadata.canonical(random.metadata()));
        }
        for (ProductIndex index : List.of(lucene, qdrant, indexed)) {
            METADATA.entrySet().parallelStream()
                    .forEach(entry -> index.upsert(
                            product(entry.getKey(), "main", 1, entry.getValue()),
                            vector(entry.getKey().hashCode())));
        }
        indexed.check(); // for the fields without a type, which the points tell
    }

    private static IndexSettings settings(String url) {
        return new IndexSettings(url, null, "filters-" + UUID.randomUUID(), folder, Duration.ofSeconds(20));
    }

    @AfterAll
    static void close() {
        lucene.close();
        qdrant.close();
        indexed.close();
    }

    @Test
    void someHundredRandomFiltersMeanTheSameEverywhere() {
        compare(2, 300);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void tenThousandRandomFiltersMeanTheSameEverywhere() {
        compare(3, 10_000);
    }

    private static void compare(long seed, int filters) {
        RandomFilters random = new RandomFilters(seed);
        Set<Integer> sizes = new TreeSet<>();
        for (int i = 0; i < filters; i++) {
            Filter filter = random.filter();
            Set<String> wanted = METADATA.entrySet().stream()
                    .filter(entry -> filter.isMetBy(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(found(lucene, filter)).as("Lucene: %s", filter).isEqualTo(wanted);
            assertThat(found(qdrant, filter)).as("Qdrant: %s", filter).isEqualTo(wanted);
            assertThat(found(indexed, filter))
                    .as("Qdrant with indexes: %s", filter)
                    .isEqualTo(wanted);
            sizes.add(wanted.size());
        }
        System.out.println(filters + " filters met " + sizes.size() + " different numbers of products");
        assertThat(sizes).as("numbers of products met").hasSizeGreaterThan(50);
    }

    private static Set<String> found(ProductIndex index, Filter filter) {
        Set<String> found = index.search(vector(7), PRODUCTS, -1, filter).stream()
                .map(hit -> hit.product().productId())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(index.count(filter)).as("count of %s", filter).isEqualTo(found.size());
        return found;
    }
}
