package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Products page by page, the same from Lucene and Qdrant. */
class ProductListTest {
    private static final Filter RED = new Filter.AnyOf(FieldPath.of("colour"), List.of("red"));

    private static final Filter GREEN = new Filter.AnyOf(FieldPath.of("colour"), List.of("green"));
    private static final int PICTURES = 300;

    @TempDir
    static Path folder;

    private static ProductIndex lucene;
    private static ProductIndex qdrant;

    /** 40 products of one to four pictures, the first of each red; one of many pictures; and one of three colours. */
    @BeforeAll
    static void fill() {
        lucene = open(IndexSettings.EMBEDDED);
        qdrant = open(QdrantServer.shared().grpcUrl());
        List<Product> products = new ArrayList<>();
        for (int p = 0; p < 40; p++) {
            for (int i = 0; i <= p % 4; i++) {
                products.add(coloured("p" + p, "image" + i, 10 + i, i == 0 ? "red" : "blue"));
            }
        }
        for (int i = 0; i < PICTURES; i++) {
            products.add(coloured("turntable", "image%03d".formatted(i), 1, "blue"));
        }
        products.add(coloured("mug", "front", 5, "green"));
        products.add(coloured("mug", "back", 9, "green"));
        products.add(coloured("mug", "side", 12, "blue"));
        put(lucene, products);
        put(qdrant, products);
    }

    private static ProductIndex open(String url) {
        String name = "list-" + UUID.randomUUID();
        return ProductIndex.open(
                new IndexSettings(url, null, name, folder.resolve(name), Duration.ofSeconds(20)), SPACE);
    }

    @AfterAll
    static void close() {
        lucene.close();
        qdrant.close();
    }

    /** As many at once as the index likes to write together. */
    private static void put(ProductIndex index, List<Product> products) {
        ExecutorService threads = Executors.newFixedThreadPool(128);
        try {
            List<Callable<Object>> upserts = products.stream()
                    .map(product -> Executors.callable(
                            () -> index.upsert(product, vector(product.imageId().hashCode()))))
                    .toList();
            for (Future<Object> upsert : threads.invokeAll(upserts)) {
                upsert.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Product coloured(String productId, String imageId, long version, String colour) {
        return product(productId, imageId, version, Map.of("colour", colour));
    }

    /** Every page until the last, from both, which must be equal. */
    private static List<ProductPage.Entry> pages(int limit, Filter filter) {
        List<ProductPage.Entry> all = new ArrayList<>();
        ProductCursor cursor = null;
        do {
            ProductPage page = lucene.list(cursor, limit, filter);
            ProductPage same = qdrant.list(cursor, limit, filter);
            assertThat(same.products()).isEqualTo(page.products());
            assertThat(same.next() == null).isEqualTo(page.next() == null);
            assertThat(page.products()).hasSizeLessThanOrEqualTo(limit);
            if (page.next() != null) {
                assertThat(page.products()).hasSize(limit);
                assertThat(same.next().place()).isEqualTo(page.next().place());
            }
            all.addAll(page.products());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private static List<String> ids(List<ProductPage.Entry> entries) {
        return entries.stream().map(entry -> entry.latest().productId()).toList();
    }

    @Test
    void everyPageSizeListsEachProductOnceInOneOrder() {
        List<String> order = ids(pages(1_000, null));
        assertThat(order).hasSize(42).doesNotHaveDuplicates();
        for (int limit : new int[] {5, 14, 42}) {
            assertThat(ids(pages(limit, null))).isEqualTo(order);
        }
        assertThat(ids(pages(7, RED))).hasSize(40).doesNotHaveDuplicates();
        assertThat(ids(pages(7, new Filter.Not(RED)))).hasSize(32).doesNotHaveDuplicates();
        assertThat(pages(7, new Filter.And(List.of(RED, GREEN)))).isEmpty();
    }

    @Test
    void anEntryHasTheNewestNameAndThePicturesThatMeetTheFilter() {
        assertThat(pages(10, GREEN))
                .containsExactly(new ProductPage.Entry(coloured("mug", "back", 9, "green"), List.of("back", "front")));
        assertThat(entry("mug").imageIds()).containsExactly("back", "front", "side");
        assertThat(entry("mug").latest().imageId()).isEqualTo("side");
        assertThat(entry("turntable").imageIds()).hasSize(PICTURES).isSorted();
    }

    private static ProductPage.Entry entry(String productId) {
        return pages(1_000, null).stream()
                .filter(entry -> entry.latest().productId().equals(productId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPictureThatComesInMeanwhileHidesNoProduct() {
        List<Product> products = IntStream.range(0, 20)
                .mapToObj(p -> product("p" + p, "main", 1))
                .toList();
        Instant later = Instant.now().plusSeconds(60);
        List<Product> more = products.stream()
                .flatMap(old -> Stream.of("a", "b", "c", "d")
                        .map(imageId -> new Product(
                                old.productId(), imageId, old.name(), later, 2, old.model(), old.metadata())))
                .toList();
        for (String url : List.of(IndexSettings.EMBEDDED, QdrantServer.shared().grpcUrl())) {
            try (ProductIndex index = open(url)) {
                assertThat(index.list(null, 10, null)).isEqualTo(new ProductPage(List.of(), null));
                put(index, products);
                ProductPage page = index.list(null, 10, null);
                put(index, more);
                List<String> seen = new ArrayList<>(ids(page.products()));
                while (page.next() != null) {
                    page = index.list(page.next(), 10, null);
                    seen.addAll(ids(page.products()));
                }
                assertThat(seen)
                        .containsAll(products.stream().map(Product::productId).toList());
            }
        }
    }

    @Test
    void aCursorIsReadAsItWasWrittenAndNothingElse() {
        ProductCursor cursor = new ProductCursor(UUID.randomUUID().toString(), 1_771_000_000_000L);
        assertThat(ProductCursor.parse(cursor.toString())).isEqualTo(cursor);
        for (String text :
                new String[] {"", "x", "_", "0_", cursor.place(), "zzzzzzzzzzzz_" + cursor.place(), cursor + "0"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ProductCursor.parse(text));
        }
    }
}
