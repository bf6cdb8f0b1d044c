package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.LuceneIndex;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductCollections;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.VectorSpace;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a new collection from serving. */
class FinalCheckTest {
    private static final VectorSpace SPACE = new VectorSpace("tiny", "a".repeat(64), 2);

    @TempDir
    private Path folder;

    private LuceneIndex old;
    private LuceneIndex fresh;

    @BeforeEach
    void fill() {
        old = new LuceneIndex(folder.resolve("old"), SPACE);
        fresh = new LuceneIndex(folder.resolve("fresh"), SPACE);
        for (int i = 0; i < 20; i++) {
            old.upsert(product(i), vector(i));
            fresh.upsert(product(i), vector(i));
        }
    }

    @AfterEach
    void close() {
        old.close();
        fresh.close();
    }

    @Test
    void aCollectionWithEverythingMayServe() throws InterruptedException {
        assertThat(check(fresh).fault(0, false)).isEmpty();
    }

    @Test
    void itMayNotWhereItHasFewerPicturesThanItShouldOrMore() throws InterruptedException {
        fresh.delete("p3");
        assertThat(check(fresh).fault(0, false)).contains("the new collection has 19 pictures and should have 20");
        assertThat(check(fresh).fault(1, false))
                .as("one is allowed to be missing")
                .isEmpty();
        fresh.upsert(product(100), vector(100));
        fresh.upsert(product(101), vector(101));
        assertThat(check(fresh).fault(0, false)).contains("the new collection has 21 pictures and should have 20");
        assertThat(check(fresh).fault(0, true))
                .as("on the way back it may have more")
                .isEmpty();
    }

    @Test
    void itMayNotWherePicturesAreNotFoundByTheirOwnVectors() throws InterruptedException {
        ProductIndex blind = (ProductIndex) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ProductIndex.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("search")) {
                        return List.of();
                    }
                    try {
                        return method.invoke(fresh, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        assertThat(check(blind).fault(0, false).orElseThrow()).contains("are not found by their own vectors");
    }

    @Test
    void aDiskWithoutRoomForAnotherIndexIsSaidBeforeABuildBegins() {
        IndexSettings embedded = settings();
        new Room(folder, embedded, 1).check(1_000, 512);
        assertThatThrownBy(() -> new Room(folder, embedded, 1).check(Long.MAX_VALUE / 100_000, 512))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("VITRINE_MIN_FREE");
        assertThatThrownBy(() -> new Room(folder, embedded, Long.MAX_VALUE / 2).check())
                .hasMessageContaining("Make room first");
    }

    private FinalCheck check(ProductIndex target) {
        return new FinalCheck(generation(old), generation(target), Duration.ZERO);
    }

    private Generation generation(ProductIndex index) {
        return new Generation(null, null, new ProductCollections(index, settings(), SPACE).serving());
    }

    private IndexSettings settings() {
        return new IndexSettings(IndexSettings.EMBEDDED, "", "products", folder, IndexSettings.DEFAULT_DEADLINE);
    }

    private static Product product(int i) {
        return new Product("p" + i, "main", "Product " + i, Instant.EPOCH, 1, "tiny", Map.of());
    }

    private static float[] vector(int i) {
        return new float[] {(float) Math.cos(i), (float) Math.sin(i)};
    }
}
