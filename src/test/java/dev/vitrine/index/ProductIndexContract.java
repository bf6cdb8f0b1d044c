package dev.vitrine.index;

import static dev.vitrine.index.SamplePoints.SPACE;
import static dev.vitrine.index.SamplePoints.cosine;
import static dev.vitrine.index.SamplePoints.product;
import static dev.vitrine.index.SamplePoints.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every index promises; each maker runs all of it. */
abstract class ProductIndexContract {

    private ProductIndex index;

    /** Opens the index of this test, the same one each time. */
    abstract ProductIndex open(VectorSpace space);

    @BeforeEach
    void openIndex() {
        index = open(SPACE);
    }

    @AfterEach
    void closeIndex() {
        if (index != null) {
            index.close();
        }
    }

    private void reopen() {
        index.close();
        index = open(SPACE);
    }

    @Test
    void anEmptyIndexAnswersEverything() {
        index.check();
        assertThat(index.count()).isZero();
        assertThat(index.search(vector(1), 10, -1)).isEmpty();
        assertThat(index.find("none")).isEmpty();
        assertThat(index.delete("none")).isZero();
        assertThat(index.place()).isNotBlank();
    }

    @Test
    void givesBackWhatWasPutIn() {
        Product lamp = product("lamp", "main", 7, Map.of("colour", "red"));
        index.upsert(lamp, vector(1));
        assertThat(index.find("lamp")).containsExactly(lamp);
        assertThat(index.search(vector(1), 1, -1)).singleElement().satisfies(hit -> {
            assertThat(hit.product()).isEqualTo(lamp);
            assertThat(hit.score()).isCloseTo(1, within(1e-5f));
        });
    }

    @Test
    void aSearchSeesEveryUpsertThatCameBefore() {
        for (int i = 0; i < 20; i++) {
            index.upsert(product("p" + i, "main", 1), vector(i));
            assertThat(index.search(vector(i), 1, 0.999f))
                    .extracting(hit -> hit.product().productId())
                    .containsExactly("p" + i);
            assertThat(index.count()).isEqualTo(i + 1);
        }
    }

    @Test
    void aNewerOrEqualVersionReplaces() {
        index.upsert(product("p", "main", 5, Map.of("n", "old")), vector(1));
        index.upsert(product("p", "main", 6, Map.of("n", "new")), vector(2));
        assertThat(index.find("p")).containsExactly(product("p", "main", 6, Map.of("n", "new")));
        index.upsert(product("p", "main", 6, Map.of("n", "again")), vector(3));
        assertThat(index.find("p")).containsExactly(product("p", "main", 6, Map.of("n", "again")));
        assertThat(index.count()).isOne();
        assertThat(index.search(vector(3), 5, -1)).singleElement().satisfies(hit -> assertThat(hit.score())
                .isCloseTo(1, within(1e-5f)));
    }

    @Test
    void anOlderVersionNeverReplaces() {
        long now = 1_771_000_000_000L;
        index.upsert(product("p", "main", now), vector(1));
        index.upsert(product("p", "main", now - 1), vector(2));
        reopen();
        index.upsert(product("p", "main", now - 1), vector(2));
        assertThat(index.find("p")).containsExactly(product("p", "main", now));
        assertThat(index.search(vector(1), 1, -1).get(0).score()).isCloseTo(1, within(1e-5f));
    }

    @Test
    void tellsTheGreatestVersionUpToABound() {
        assertThat(index.newest(100)).isEqualTo(-1);
        index.upsert(product("p", "main", 10), vector(1));
        index.upsert(product("p", "back", 30), vector(2));
        index.upsert(product("q", "main", 20), vector(3));
        reopen();
        assertThat(index.newest(100)).isEqualTo(30);
        assertThat(index.newest(29)).isEqualTo(20);
        assertThat(index.newest(9)).isEqualTo(-1);
    }

    @Test
    void theGreatestVersionStaysWhateverTheOrderAndTheThreads() throws Exception {
        int ids = 12;
        int versions = 40;
        List<Integer> uploads =
                new ArrayList<>(IntStream.range(0, ids * versions).boxed().toList());
        Collections.shuffle(uploads, new Random(42));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(17);
        try (ProductIndex second = shareable() ? open(SPACE) : null) {
            Future<Void> watcher = threads.submit(watchThatNoVersionFalls(ids, done));
            List<Callable<Void>> calls = uploads.stream()
                    .map(upload -> (Callable<Void>) () -> {
                        int id = upload % ids;
                        int version = upload / ids;
                        ProductIndex through = second != null && upload % 2 == 0 ? second : index;
                        through.upsert(product("p" + id, "main", version), vector(id * 1_000L + version));
                        return null;
                    })
                    .toList();
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
            done.set(true);
            watcher.get();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(index.count()).isEqualTo(ids);
        for (int id = 0; id < ids; id++) {
            int last = versions - 1;
            assertThat(index.find("p" + id)).containsExactly(product("p" + id, "main", last));
            assertThat(index.search(vector(id * 1_000L + last), 1, -1).get(0))
                    .satisfies(hit -> assertThat(hit.score()).isCloseTo(1, within(1e-5f)));
        }
    }

    private Callable<Void> watchThatNoVersionFalls(int ids, AtomicBoolean done) {
        return () -> {
            Map<String, Long> seen = new HashMap<>();
            while (!done.get()) {
                for (int id = 0; id < ids; id++) {
                    for (Product found : index.find("p" + id)) {
                        Long before = seen.put(found.productId(), found.version());
                        assertThat(found.version()).isGreaterThanOrEqualTo(before == null ? 0 : before);
                    }
                }
            }
            return null;
        };
    }

    /** Whether several may have the index open, as processes do. */
    abstract boolean shareable();

    @Test
    void ordersBySimilarityWithTrueCosines() {
        int points = 60;
        for (int i = 0; i < points; i++) {
            index.upsert(product("p" + i, "main", 1), vector(i));
        }
        float[] query = vector(999);
        List<Integer> nearest = IntStream.range(0, points)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -cosine(vector(i), query)))
                .toList();
        List<SearchHit> hits = index.search(query, points, -1);
        assertThat(hits)
                .extracting(hit -> hit.product().productId())
                .containsExactlyElementsOf(nearest.stream().map(i -> "p" + i).toList());
        for (int rank = 0; rank < points; rank++) {
            assertThat(hits.get(rank).score()).isCloseTo(cosine(vector(nearest.get(rank)), query), within(1e-4f));
        }
        assertThat(hits.get(points - 1).score()).isNegative();
    }

    @Test
    void scoresReachFromMinusOneToOne() {
        float[] there = vector(1);
        float[] opposite = new float[there.length];
        for (int i = 0; i < there.length; i++) {
            opposite[i] = -there[i];
        }
        index.upsert(product("there", "main", 1), there);
        index.upsert(product("opposite", "main", 1), opposite);
        assertThat(index.search(there, 2, -1))
                .satisfiesExactly(
                        first -> assertThat(first.score()).isCloseTo(1, within(1e-4f)),
                        second -> assertThat(second.score()).isCloseTo(-1, within(1e-4f)));
        assertThat(index.search(there, 2, -1))
                .allSatisfy(hit -> assertThat(hit.score()).isBetween(-1f, 1f));
    }

    @Test
    void keepsToTheLimitAndTheLeastScore() {
        for (int i = 0; i < 30; i++) {
            index.upsert(product("p" + i, "main", 1), vector(i));
        }
        float[] query = vector(999);
        List<SearchHit> all = index.search(query, 1_000, -1);
        assertThat(all).hasSize(30);
        assertThat(index.search(query, 4, -1)).isEqualTo(all.subList(0, 4));
        float bound = (all.get(4).score() + all.get(5).score()) / 2;
        assertThat(index.search(query, 30, bound)).isEqualTo(all.subList(0, 5));
        assertThat(index.search(query, 3, bound)).isEqualTo(all.subList(0, 3));
        assertThat(index.search(query, 3, 1.1f)).isEmpty();
    }

    @Test
    void findsAllPicturesOfAProductInOrderAndNoOthers() {
        List<String> imageIds =
                IntStream.range(0, 300).mapToObj("image-%03d"::formatted).toList();
        List<String> shuffled = new ArrayList<>(imageIds);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.parallelStream()
                .forEach(imageId -> index.upsert(product("p", imageId, 1), vector(imageId.hashCode())));
        index.upsert(product("p-other", "main", 1), vector(2));
        assertThat(index.find("p")).extracting(Product::imageId).containsExactlyElementsOf(imageIds);
        assertThat(index.find("p-other")).hasSize(1);
        assertThat(index.find("P")).isEmpty();
    }

    @Test
    void deletesAllPicturesOfAProductAndCountsThem() {
        for (int i = 0; i < 3; i++) {
            index.upsert(product("gone", "image" + i, 1), vector(i));
        }
        index.upsert(product("kept", "main", 1), vector(9));
        assertThat(index.delete("gone")).isEqualTo(3);
        assertThat(index.delete("gone")).isZero();
        assertThat(index.count()).isOne();
        assertThat(index.find("gone")).isEmpty();
        assertThat(index.search(vector(1), 10, -1))
                .extracting(hit -> hit.product().productId())
                .containsExactly("kept");
        index.upsert(product("gone", "image0", 1), vector(1));
        assertThat(index.count()).isEqualTo(2);
    }

    @Test
    void deletesWhatIsNoNewerThanAVersion() {
        index.upsert(product("p", "old", 5), vector(1));
        index.upsert(product("p", "same", 7), vector(2));
        index.upsert(product("p", "new", 8), vector(3));
        index.upsert(product("other", "old", 1), vector(4));

        assertThat(index.delete("p", 7)).isEqualTo(2);

        assertThat(index.find("p")).extracting(Product::imageId).containsExactly("new");
        assertThat(index.find("other")).hasSize(1);
        assertThat(index.delete("p", 7)).isZero();
    }

    @Test
    void deletesOnePictureAndLeavesTheOthers() {
        index.upsert(product("two", "front", 5), vector(1));
        index.upsert(product("two", "back", 5), vector(2));
        index.upsert(product("other", "back", 5), vector(3));

        assertThat(index.delete("two", "back", 4)).isZero();
        assertThat(index.delete("two", "side", 9)).isZero();
        assertThat(index.delete("two", "back", 5)).isOne();

        assertThat(index.find("two")).extracting(Product::imageId).containsExactly("front");
        assertThat(index.find("other")).hasSize(1);
        assertThat(index.delete("two", "back", 9)).isZero();
    }

    private static final Filter SOLD = new Filter.AnyOf(FieldPath.of("sold"), List.of(true));

    @Test
    void deletesAndCountsWhatMeetsAFilterAndIsNoNewerThanAVersion() {
        index.upsert(product("a", "front", 5, Map.of("sold", true)), vector(1));
        index.upsert(product("a", "back", 5, Map.of("sold", false)), vector(2));
        index.upsert(product("b", "main", 7, Map.of("sold", List.of(false, true))), vector(3));
        index.upsert(product("c", "main", 8, Map.of("sold", true)), vector(4));
        index.upsert(product("d", "main", 5, Map.of()), vector(5));
        assertThat(index.count(SOLD)).isEqualTo(3);

        assertThat(index.delete(SOLD, 7)).isEqualTo(2);

        assertThat(index.find("a")).extracting(Product::imageId).containsExactly("back");
        assertThat(index.find("b")).isEmpty();
        assertThat(index.count(SOLD)).isOne();
        assertThat(index.count()).isEqualTo(3);
        assertThat(index.delete(SOLD, 7)).isZero();
        assertThat(index.delete(new Filter.Not(SOLD), 7)).isEqualTo(2);
        assertThat(index.count()).isOne();
    }

    @Test
    void deletionsByFilterAmongUpsertsCountEachPointOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                String productId = "p" + i;
                calls.add(() -> {
                    index.upsert(product(productId, "main", 1, Map.of("sold", true)), vector(productId.hashCode()));
                    return 0;
                });
                if (i % 5 == 4) {
                    calls.add(() -> index.delete(SOLD, 1));
                }
            }
            int deleted = 0;
            for (Future<Integer> call : threads.invokeAll(calls)) {
                deleted += call.get();
            }
            assertThat(deleted + index.count()).isEqualTo(80);
            assertThat(index.count(SOLD)).isEqualTo(index.count());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSearchWithAFilterFindsAsManyProductsAsItIsTo() {
        float[] query = vector(0);
        List<Runnable> upserts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String imageId = "image" + i;
            upserts.add(() -> index.upsert(
                    product("turntable", imageId, 1, Map.of("sold", true)), near(query, 0.001f, imageId.hashCode())));
        }
        for (int p = 0; p < 20; p++) {
            String productId = "p" + p;
            float far = 0.2f + 0.05f * p;
            boolean sold = p % 2 == 0;
            upserts.add(() -> index.upsert(product(productId, "main", 1, Map.of("sold", sold)), near(query, far, 7)));
        }
        upserts.parallelStream().forEach(Runnable::run);

        assertThat(index.search(query, 4, -1, SOLD))
                .extracting(hit -> hit.product().productId())
                .containsExactly("turntable", "p0", "p2", "p4");
        assertThat(index.search(query, 3, -1, new Filter.Not(SOLD)))
                .extracting(hit -> hit.product().productId())
                .containsExactly("p1", "p3", "p5");
        assertThat(index.search(query, 100, -1, SOLD)).hasSize(11);
    }

    /** Shops have the same picture for many products, and the graph of equal vectors falls into islands. */
    @Test
    void aFilterFindsProductsWithEqualPictures() {
        List<Runnable> upserts = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            Product product = product("p" + i, "main", 1, Map.of("kind", "k" + i % 5));
            float[] vector = vector(100 + i % 5);
            upserts.add(() -> index.upsert(product, vector));
        }
        upserts.parallelStream().forEach(Runnable::run);

        for (int kind = 0; kind < 5; kind++) {
            String name = "k" + kind;
            Filter filter = new Filter.AnyOf(FieldPath.of("kind"), List.of(name));
            assertThat(index.search(vector(100 + (kind + 1) % 5), 48, -1, filter))
                    .hasSize(48)
                    .allSatisfy(hit -> assertThat(hit.product().metadata()).containsEntry("kind", name));
        }
    }

    /** Pictures of one product lie nearer to the query than those of any other, as shots of a turntable do. */
    @Test
    void aSearchFindsAsManyProductsAsItIsToHoweverManyPicturesOneHas() {
        float[] query = vector(0);
        List<Runnable> upserts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            String imageId = "image" + i;
            upserts.add(() -> index.upsert(product("turntable", imageId, 1), near(query, 0.001f, imageId.hashCode())));
        }
        for (int p = 0; p < 12; p++) {
            for (int i = 0; i < 40; i++) {
                String productId = "p" + p;
                String imageId = "image" + i;
                float far = 0.2f + 0.05f * p + 0.0001f * i;
                upserts.add(() -> index.upsert(product(productId, imageId, 1), near(query, far, 7)));
            }
        }
        upserts.parallelStream().forEach(Runnable::run);

        assertThat(index.search(query, 1, -1))
                .extracting(hit -> hit.product().productId())
                .containsExactly("turntable");
        List<SearchHit> ten = index.search(query, 10, -1);
        assertThat(ten)
                .extracting(hit -> hit.product().productId())
                .containsExactly("turntable", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8");
        assertThat(ten.subList(1, 10))
                .allSatisfy(hit -> assertThat(hit.product().imageId()).isEqualTo("image0"));
        assertThat(index.search(query, 100, -1)).hasSize(13);
        float third = ten.get(2).score();
        assertThat(index.search(query, 10, third - 1e-5f)).hasSize(3);

        assertThat(index.search(new ProductQuery(query, 3, -1, null, Set.of("turntable", "p1", "unknown"))))
                .extracting(hit -> hit.product().productId())
                .containsExactly("p0", "p2", "p3");
        assertThat(index.search(new ProductQuery(query, 100, -1, null, Set.of("turntable", "p1"))))
                .hasSize(11);
        assertThat(index.vectors("turntable")).hasSize(500).allSatisfy((imageId, vector) -> {
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5f));
            assertThat(cosine(vector, query)).isGreaterThan(0.99f);
        });
    }

    @Test
    void showsOtherPicturesOfWhatItFindsWithTheirScores() {
        float[] query = vector(0);
        for (int i = 0; i < 30; i++) {
            index.upsert(
                    product("turntable", "image%02d".formatted(i), 1, Map.of("sold", i % 2 == 0)),
                    near(query, 0.1f + 0.05f * i, 7));
        }
        index.upsert(product("single", "main", 1, Map.of("sold", true)), near(query, 0.3f, 8));

        List<SearchHit> hits = index.search(new ProductQuery(query, 5, -1, null, Set.of(), 3));
        assertThat(hits).hasSize(2);
        assertThat(hits.get(0).product().imageId()).isEqualTo("image00");
        assertThat(hits.get(0).others())
                .extracting(other -> other.product().imageId())
                .containsExactly("image01", "image02", "image03");
        assertThat(hits.get(0).others().get(1).score())
                .isCloseTo(cosine(SamplePoints.normalised(near(query, 0.2f, 7)), query), within(1e-4f));
        assertThat(hits.get(1).others()).isEmpty();

        SearchHit sold = index.search(new ProductQuery(query, 1, -1, SOLD, Set.of(), 100))
                .get(0);
        assertThat(sold.others()).hasSize(14).allSatisfy(other -> assertThat(
                        other.product().metadata().get("sold"))
                .isEqualTo(true));
        float third = sold.others().get(2).score();
        assertThat(index.search(new ProductQuery(query, 1, third - 1e-5f, SOLD, Set.of(), 100))
                        .get(0)
                        .others())
                .hasSize(3);
        assertThat(index.search(query, 1, -1).get(0).others()).isEmpty();
    }

    @Test
    void givesBackTheVectorsOfAProduct() {
        index.upsert(product("mug", "front", 1), vector(1));
        index.upsert(product("mug", "back", 1), vector(2));
        index.upsert(product("lamp", "main", 1), vector(3));

        Map<String, float[]> vectors = index.vectors("mug");

        assertThat(vectors.keySet()).containsExactly("back", "front");
        assertThat(cosine(vectors.get("back"), vector(2))).isCloseTo(1, within(1e-5f));
        assertThat(cosine(vectors.get("front"), vector(1))).isCloseTo(1, within(1e-5f));
        assertThat(index.vectors("none")).isEmpty();
    }

    /** Turned away from a vector by about as much, in a direction that the seed says. */
    private static float[] near(float[] vector, float by, long seed) {
        float[] away = vector(1_000_003 + seed);
        float[] near = new float[vector.length];
        for (int i = 0; i < near.length; i++) {
            near[i] = vector[i] + by * away[i];
        }
        return near;
    }

    @Test
    void manyThreadsThatDeleteCountEachPointOnce() throws Exception {
        int points = 40;
        for (int i = 0; i < points; i++) {
            index.upsert(product("gone", "image" + i, 1), vector(i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            int deleted = 0;
            Callable<Integer> delete = () -> index.delete("gone");
            for (Future<Integer> call : threads.invokeAll(Collections.nCopies(8, delete))) {
                deleted += call.get();
            }
            assertThat(deleted).isEqualTo(points);
        } finally {
            threads.shutdownNow();
        }
        assertThat(index.count()).isZero();
    }

    @Test
    void metadataKeepsItsJsonTypes() {
        Map<String, Object> deepest = Map.of("end", true);
        for (int depth = 3; depth < Metadata.MAX_DEPTH; depth++) {
            deepest = Map.of("deeper", deepest);
        }
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("text", "Grüße, 東京 \uD83D\uDC57 \"quoted\" \\ \u0001 \n");
        metadata.put("ключ", "unicode key");
        metadata.put("a.b[0]/c d", "odd key");
        metadata.put("empty", "");
        metadata.put("whole", 42);
        metadata.put("negative", -1);
        metadata.put("long", 9_007_199_254_740_993L);
        metadata.put("least", Long.MIN_VALUE);
        metadata.put("price", 19.99);
        metadata.put("wholeDouble", 3.0);
        metadata.put("tiny", 1e-300);
        metadata.put("yes", true);
        metadata.put("no", false);
        metadata.put("nothing", null);
        metadata.put("list", Arrays.asList(1, "two", 3.5, null, List.of(), Map.of("k", List.of(List.of(1)))));
        metadata.put("nested", deepest);
        metadata.put("emptyMap", Map.of());
        index.upsert(product("p", "main", 1, metadata), vector(1));
        assertThat(index.find("p").get(0).metadata()).isEqualTo(metadata);
        reopen();
        assertThat(index.find("p").get(0).metadata()).isEqualTo(metadata);
        assertThat(index.search(vector(1), 1, -1).get(0).product().metadata()).isEqualTo(metadata);
    }

    @Test
    void otherNumbersComeBackAsTheirNearestJsonNumber() {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("short", (short) 3);
        metadata.put("smallLong", 5L);
        metadata.put("float", 0.1f);
        metadata.put("big", BigInteger.valueOf(7));
        index.upsert(product("p", "main", 1, metadata), vector(1));
        assertThat(index.find("p").get(0).metadata())
                .isEqualTo(Map.of("short", 3, "smallLong", 5, "float", 0.1, "big", 7));
    }

    @Test
    void missingMetadataReadsAsEmpty() {
        index.upsert(product("p", "main", 1, null), vector(1));
        assertThat(index.find("p").get(0).metadata()).isEmpty();
    }

    @Test
    void everythingIsThereAfterReopening() {
        for (int i = 0; i < 25; i++) {
            index.upsert(product("p" + i, "main", 1_771_000_000_000L + i), vector(i));
        }
        assertThat(index.delete("p3")).isOne();
        List<SearchHit> before = index.search(vector(100), 10, -1);
        reopen();
        assertThat(index.count()).isEqualTo(24);
        assertThat(index.search(vector(100), 10, -1)).isEqualTo(before);
    }

    @Test
    void refusesAnotherVectorSpaceAndNamesBoth() {
        index.upsert(product("p", "main", 1), vector(1));
        index.close();
        index = null;
        VectorSpace other = new VectorSpace("other-clip", "b".repeat(64), SamplePoints.DIMENSIONS);
        assertRefused(other, "sample-clip", "other-clip", "aaaa", "bbbb");
        VectorSpace longer = new VectorSpace("long-clip", "c".repeat(64), 16);
        assertRefused(longer, "sample-clip", "long-clip", "8 dimensions", "16 dimensions");
        VectorSpace renamed = new VectorSpace("renamed", SPACE.fingerprint(), SPACE.dimensions());
        try (ProductIndex same = open(renamed)) {
            same.check();
            assertThat(same.count()).isOne();
        }
    }

    private void assertRefused(VectorSpace space, String... words) {
        assertThatThrownBy(() -> {
                    try (ProductIndex refused = open(space)) {
                        refused.check();
                    }
                })
                .isInstanceOf(VectorSpaceMismatchException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void refusesVectorsThatCannotBeCompared() {
        float[] nan = vector(1);
        nan[3] = Float.NaN;
        float[] infinite = vector(1);
        infinite[0] = Float.NEGATIVE_INFINITY;
        float[] zero = new float[SamplePoints.DIMENSIONS];
        float[] shorter = Arrays.copyOf(vector(1), SamplePoints.DIMENSIONS - 1);
        for (float[] bad : List.of(nan, infinite, zero, shorter)) {
            assertThatIllegalArgumentException().isThrownBy(() -> index.upsert(product("p", "main", 1), bad));
            assertThatIllegalArgumentException().isThrownBy(() -> index.search(bad, 1, -1));
        }
        assertThat(index.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1_001})
    void refusesAnImpossibleLimit(int limit) {
        assertThatIllegalArgumentException().isThrownBy(() -> index.search(vector(1), limit, -1));
    }

    @Test
    void refusesProductsThatCannotBeKept() {
        List<Product> bad = List.of(
                product("", "main", 1),
                product("p", null, 1),
                product("p\0q", "main", 1),
                product("p", "\uD800", 1),
                product("p", "main", -1),
                product("p", "main", Long.MAX_VALUE),
                product("p", "main", 1, Map.of("x", Double.NaN)),
                product("p", "main", 1, Map.of("x", new Object())),
                product("p", "main", 1, Map.of("x", "\uDC00")),
                product("p", "main", 1, tooDeep()));
        for (Product product : bad) {
            assertThatIllegalArgumentException().isThrownBy(() -> index.upsert(product, vector(1)));
        }
        assertThat(index.count()).isZero();
    }

    private static Map<String, Object> tooDeep() {
        Map<String, Object> deep = Map.of();
        for (int depth = 0; depth < Metadata.MAX_DEPTH; depth++) {
            deep = Map.of("deeper", deep);
        }
        return deep;
    }

    @Test
    void manyThreadsPutSearchAndDelete() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> calls = IntStream.range(0, 400)
                    .mapToObj(i -> (Callable<Void>) () -> {
                        index.upsert(product("p" + i, "main", 1), vector(i));
                        assertThat(index.search(vector(i), 1, -1)
                                        .get(0)
                                        .product()
                                        .productId())
                                .isEqualTo("p" + i);
                        if (i % 4 == 0) {
                            assertThat(index.delete("p" + i)).isOne();
                            assertThat(index.find("p" + i)).isEmpty();
                        }
                        return null;
                    })
                    .toList();
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(index.count()).isEqualTo(300);
    }

    @Test
    void givesOutEachPointOnceInTheOrderOfIds() {
        Map<String, float[]> sent = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            index.upsert(product("p" + i % 100, "i" + i / 100, i, Map.of("even", i % 2 == 0)), vector(i));
            sent.put(PointIds.of("p" + i % 100, "i" + i / 100).toString(), vector(i));
        }

        List<StoredPoint> all = pages(37, null, true);
        assertThat(all).extracting(StoredPoint::id).doesNotHaveDuplicates().isSorted();
        assertThat(all).hasSize(300).allSatisfy(point -> assertThat(cosine(point.vector(), sent.get(point.id())))
                .isCloseTo(1, within(1e-5f)));

        Filter even = new Filter.AnyOf(FieldPath.of("even"), List.of(true));
        assertThat(pages(64, even, false)).hasSize(150).allSatisfy(point -> {
            assertThat(point.vector()).isNull();
            assertThat(point.product().metadata()).containsEntry("even", true);
        });
    }

    @Test
    void whatItGivesOutMakesTheSameIndexAgain() throws Exception {
        for (int i = 0; i < 50; i++) {
            index.upsert(product("p" + i, "main", i, Map.of("n", i, "text", "ü\n\"")), vector(i));
        }
        List<List<SearchHit>> before = IntStream.range(0, 10)
                .mapToObj(i -> index.search(vector(1_000 + i), 5, -1))
                .toList();
        PointLines.Head head = PointLines.readHead(json(PointLines.head(new PointLines.Head(SPACE, true))))
                .orElseThrow();
        List<byte[]> lines =
                pages(20, null, true).stream().map(PointLines::point).toList();
        for (int i = 0; i < 50; i++) {
            index.delete("p" + i);
        }

        head.admit(index.space());
        for (byte[] line : lines) {
            StoredPoint point = PointLines.read(json(line), head);
            index.upsert(point.product(), point.vector());
        }
        for (int i = 0; i < 10; i++) {
            List<SearchHit> after = index.search(vector(1_000 + i), 5, -1);
            assertThat(after)
                    .extracting(SearchHit::product)
                    .isEqualTo(before.get(i).stream().map(SearchHit::product).toList());
            assertThat(after.get(0).score()).isCloseTo(before.get(i).get(0).score(), within(1e-6f));
        }
    }

    private List<StoredPoint> pages(int size, Filter filter, boolean withVectors) {
        List<StoredPoint> all = new ArrayList<>();
        List<StoredPoint> page;
        do {
            page = index.points(all.isEmpty() ? "" : all.get(all.size() - 1).id(), size, filter, withVectors);
            all.addAll(page);
        } while (page.size() == size);
        return all;
    }

    private static JsonNode json(byte[] line) throws IOException {
        return new ObjectMapper().readTree(line);
    }

    @Test
    void aClosedIndexSaysSo() {
        index.close();
        assertThatThrownBy(() -> index.upsert(product("p", "main", 1), vector(1)))
                .isInstanceOf(IndexUnavailableException.class)
                .hasMessageContaining("closed");
        index = null;
    }
}
