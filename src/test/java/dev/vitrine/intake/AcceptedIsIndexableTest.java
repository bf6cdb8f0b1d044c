package dev.vitrine.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.http.ProblemException;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.LuceneIndex;
import dev.vitrine.index.Product;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.job.Job;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.QdrantServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in is checked once, and what passes every index takes and gives back as it was. */
class AcceptedIsIndexableTest {
    private static final VectorSpace SPACE = new VectorSpace("tiny", "a".repeat(64), 2);

    @TempDir
    private Path folder;

    private File picture;
    private long versions = 1_764_000_000_000L;
    private final Intake intake = new Intake(
            new PictureInspector(1_000_000),
            1_000_000,
            name -> null,
            url -> Optional.empty(),
            (collection, product, image) -> ++versions);

    @BeforeEach
    void writePicture() throws IOException {
        picture = Files.write(folder.resolve("picture.jpg"), Pictures.jpeg(1)).toFile();
    }

    private Job accept(Object name, Object metadata) throws IOException {
        return intake.accept(picture, "mug-1", name, null, metadata, null, null, null);
    }

    @Test
    void everyIndexTakesAndGivesBackWhatIsAccepted() throws IOException {
        Random random = new Random(4);
        List<Job> accepted = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 250; i++) {
            try {
                accepted.add(intake.accept(
                        picture,
                        "p-" + i + text(random) + "x",
                        text(random) + "x",
                        null,
                        new RandomJson(random).object(1),
                        null,
                        null,
                        null));
            } catch (ProblemException e) {
                assertThat(e.status()).isEqualTo(400);
                assertThat(e.errors())
                        .allSatisfy(error -> assertThat(error.field()).isIn("product_id", "name", "metadata"));
                refused++;
            }
        }
        assertThat(accepted).hasSizeGreaterThan(100);
        assertThat(refused).isGreaterThan(20);

        try (ProductIndex lucene = new LuceneIndex(folder.resolve("index"), SPACE);
                ProductIndex qdrant = ProductIndex.open(
                        new IndexSettings(
                                QdrantServer.shared().grpcUrl(),
                                null,
                                "accepted-" + UUID.randomUUID(),
                                null,
                                Duration.ofSeconds(20)),
                        SPACE)) {
            ObjectMapper spool = new ObjectMapper();
            accepted.parallelStream().forEach(job -> {
                lucene.upsert(product(read(spool, job)), new float[] {1, 0});
                qdrant.upsert(product(read(spool, job)), new float[] {1, 0});
            });
            for (Job job : accepted) {
                assertThat(lucene.find(job.productId())).containsExactly(product(job));
                assertThat(qdrant.find(job.productId()))
                        .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                                .withEqualsForType(AcceptedIsIndexableTest::isAsGoodAsEqual, Double.class)
                                .build())
                        .containsExactly(product(job));
            }
        }
    }

    /** Qdrant 1.17 reads the 17th digit of some doubles back another one. */
    private static boolean isAsGoodAsEqual(double a, double b) {
        return Math.abs(a - b) <= Math.ulp(a);
    }

    /** As it comes out of the spool. */
    private static Job read(ObjectMapper spool, Job job) {
        try {
            return spool.readValue(spool.writeValueAsBytes(job), Job.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Product product(Job job) {
        return new Product(
                job.productId(), job.imageId(), job.name(), Instant.EPOCH, job.version(), "tiny", job.metadata());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1e999}",
                "{\"a\":[-1e400]}",
                "{\"a\":99999999999999999999}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":[\"x\\udc00\"]}",
                "{\"\\ud83d\":1}",
                "{\"a\":\"x\\u0000\"}",
                "{\"\\u0000\":1}"
            })
    void refusesMetadataThatAnIndexWouldRefuse(String metadata) {
        assertRefused("metadata", "Mug", metadata);
    }

    @ParameterizedTest
    @CsvSource({"25, {, }", "999, {, }", "26, [, ]", "900, [, ]"})
    void refusesMetadataThatNestsTooDeep(int levels, String open, String close) {
        String deep = open.equals("{")
                ? "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1)
                : "{\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
        assertRefused("metadata", "Mug", deep);
    }

    @Test
    void refusesAnIntegerOf300Digits() {
        assertRefused("metadata", "Mug", "{\"a\":" + "9".repeat(300) + "}");
        assertRefused("metadata", "Mug", "{\"a\":" + "9".repeat(3_000) + "}");
    }

    /** As a route hands it over that has read it already. */
    @Test
    void refusesTheSameInAMap() {
        assertRefused("metadata", "Mug", Map.of("a", Double.POSITIVE_INFINITY));
        assertRefused("metadata", "Mug", Map.of("a", Float.NaN));
        assertRefused("metadata", "Mug", Map.of("a", "\uD800"));
        Map<String, Object> endless = new HashMap<>();
        endless.put("a", endless);
        assertRefused("metadata", "Mug", endless);
    }

    @Test
    void refusesANameCutInTheMiddleOfAnEmoji() {
        assertRefused("name", "Mug \uD83D", null);
        assertRefused("name", "Mug\0", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", " a", "a\n", "a\u0085b", "\uD83D", "a\0"})
    void refusesIdsThatNoPathCanName(String id) {
        assertThatThrownBy(() -> intake.accept(picture, id, "Mug", null, null, null, null, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.errors().get(0).field()).isEqualTo("product_id"));
        assertThatThrownBy(() -> intake.accept(picture, "mug", "Mug", id, null, null, null, null))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.errors().get(0).field()).isEqualTo("image_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "12", "...", "a/b", "AB 12/3", "a\u202Eb"})
    void takesEveryOtherIdAsItIs(String id) throws IOException {
        assertThat(intake.accept(picture, id, "Mug", id, null, null, null, null).productId())
                .isEqualTo(id);
    }

    private void assertRefused(String field, String name, Object metadata) {
        assertThatThrownBy(() -> accept(name, metadata)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.status()).isEqualTo(400);
            assertThat(e.errors()).singleElement().satisfies(error -> assertThat(error.field())
                    .isEqualTo(field));
        });
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(40)) {
                case 0 -> text.append((char) (0xD800 + random.nextInt(0x800)));
                case 1 -> text.append((char) random.nextInt(32));
                case 2, 3, 4 -> text.appendCodePoint(0x1F300 + random.nextInt(0x200));
                default -> text.append((char) (33 + random.nextInt(0x3000)));
            }
        }
        return text.toString();
    }

    /** JSON of every kind, mostly such as shops send. */
    private record RandomJson(Random random) {
        String object(int depth) {
            List<String> members = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                members.add(quoted() + ":" + value(depth + 1));
            }
            return "{" + String.join(",", members) + "}";
        }

        private String value(int depth) {
            int kind = random.nextInt(100);
            if (kind < 30 && depth < 30) {
                return kind < 18 ? object(depth) : array(depth);
            }
            return switch (kind % 10) {
                case 0 -> "null";
                case 1 -> "true";
                case 2 -> Long.toString(random.nextLong());
                case 3 -> Integer.toString(random.nextInt());
                case 4 -> Double.toString(random.nextGaussian());
                case 5 -> "-0.0";
                case 6 -> random.nextInt(100) - 50 + "e" + (random.nextInt(640) - 320);
                case 7 ->
                    random.nextInt(8) == 0
                            ? "9".repeat(1 + random.nextInt(40))
                            : "0.1000000000000000055511151231257827";
                default -> quoted();
            };
        }

        private String array(int depth) {
            List<String> items = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                items.add(value(depth + 1));
            }
            return "[" + String.join(",", items) + "]";
        }

        private String quoted() {
            String text = text(random);
            StringBuilder escaped = new StringBuilder("\"");
            text.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
            return escaped.append('"').toString();
        }
    }
}
