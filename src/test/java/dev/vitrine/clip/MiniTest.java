package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.image.PreparedPicture;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled model gives in Java what it gave where it was trained, and finds what a person would expect. */
class MiniTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path RETRIEVAL = RESOURCES.resolve("retrieval");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE = 1e-4;
    private static final double ALLOWED_LOSS = 0.02;

    private static Mini mini;

    @BeforeAll
    static void open() throws IOException {
        mini = new Mini();
    }

    @AfterAll
    static void close() {
        mini.close();
    }

    @Test
    void tokensAndTextVectorsEqualPythons() throws IOException {
        TextEncoder texts = mini.model().texts().orElseThrow();
        JsonNode expected = expected();
        assertThat(texts.contextLength())
                .isEqualTo(expected.path("context_length").asInt());
        assertThat(texts.padding()).isEqualTo(expected.path("pad_token_id").asLong());
        assertThat(expected.path("texts")).isNotEmpty();
        for (JsonNode text : expected.path("texts")) {
            String words = text.path("text").asText();
            long[] tokens = texts.tokens(words);
            long[] padded = Arrays.copyOf(tokens, texts.contextLength());
            Arrays.fill(padded, tokens.length, padded.length, texts.padding());
            assertThat(padded).as(words).isEqualTo(JSON.convertValue(text.path("input_ids"), long[].class));
            assertStartsWith(mini.text(words), text.path("embedding"), words);
        }
    }

    @Test
    void pixelsAndPictureVectorsEqualPythons() throws Exception {
        assertThat(expected().path("pictures")).isNotEmpty();
        for (JsonNode picture : expected().path("pictures")) {
            String name = picture.path("file").asText();
            try (PreparedPicture prepared = mini.prepare(RETRIEVAL.resolve(name))) {
                FloatBuffer tensor = prepared.tensor();
                int side = mini.model().inputSide();
                for (JsonNode pixel : picture.path("pixel_values")) {
                    int at = (pixel.path("channel").asInt() * side
                                            + pixel.path("y").asInt())
                                    * side
                            + pixel.path("x").asInt();
                    assertThat(tensor.get(at))
                            .as(name)
                            .isCloseTo((float) pixel.path("value").asDouble(), within((float) TOLERANCE));
                }
            }
            assertStartsWith(mini.picture(RETRIEVAL.resolve(name)), picture.path("embedding"), name);
        }
    }

    @Test
    void scoresBetweenTextsAndPicturesEqualPythons() throws Exception {
        JsonNode expected = expected();
        for (int t = 0; t < expected.path("texts").size(); t++) {
            float[] text = mini.text(expected.path("texts").path(t).path("text").asText());
            for (int p = 0; p < expected.path("pictures").size(); p++) {
                Path file = RETRIEVAL.resolve(
                        expected.path("pictures").path(p).path("file").asText());
                assertThat(Mini.cosine(text, mini.picture(file)))
                        .isCloseTo(
                                expected.path("text_picture_cosine")
                                        .path(t)
                                        .path(p)
                                        .asDouble(),
                                within(TOLERANCE));
            }
        }
    }

    @Test
    void findsWhatItFoundWhenItWasMade() throws Exception {
        JsonNode set = JSON.readTree(RETRIEVAL.resolve("retrieval.json").toFile());
        List<Path> files = new ArrayList<>();
        List<float[]> english = new ArrayList<>();
        List<float[]> french = new ArrayList<>();
        List<float[]> otherPose = new ArrayList<>();
        List<Integer> ofOtherPose = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        for (JsonNode item : set.path("items")) {
            all.add(files.size());
            if (item.has("second_file")) {
                ofOtherPose.add(files.size());
                otherPose.add(
                        mini.picture(RETRIEVAL.resolve(item.path("second_file").asText())));
            }
            files.add(RETRIEVAL.resolve(item.path("file").asText()));
            english.add(mini.text(item.path("text").asText()));
            french.add(mini.text(item.path("text_fr").asText()));
        }
        List<float[]> pictures = mini.pictures(files);

        JsonNode measured = set.path("measured");
        assertRecall("English text to picture", english, all, pictures, measured.path("text_to_image_en"));
        assertRecall("French text to picture", french, all, pictures, measured.path("text_to_image_fr"));
        assertRecall(
                "picture to the same product in another pose",
                otherPose,
                ofOtherPose,
                pictures,
                measured.path("second_file_to_file"));
    }

    private static void assertRecall(
            String what, List<float[]> queries, List<Integer> answers, List<float[]> pictures, JsonNode measured) {
        int right = 0;
        for (int i = 0; i < queries.size(); i++) {
            if (Mini.nearest(queries.get(i), pictures) == answers.get(i)) {
                right++;
            }
        }
        double recall = (double) right / queries.size();
        double before = measured.path("recall@1").asDouble(Double.NaN);
        System.out.printf(
                "vitrine-mini, %s: recall@1 %.3f of %d queries among %d pictures (%.3f when it was made)%n",
                what, recall, queries.size(), pictures.size(), before);
        assertThat(recall).as(what).isGreaterThanOrEqualTo(before - ALLOWED_LOSS);
    }

    @Test
    void isSmall() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(Mini.FOLDER), Files.list(Mini.FOLDER.resolve("onnx")))) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            System.out.printf("vitrine-mini: %,d bytes%n", bytes);
            assertThat(bytes).isLessThanOrEqualTo(12_000_000);
        }
    }

    @Test
    void aPicturesVectorDoesNotDependOnItsBatch() throws Exception {
        int batch = 8;
        int floats = 3 * mini.model().inputSide() * mini.model().inputSide();
        FloatBuffer together = FloatBuffer.allocate(batch * floats);
        List<float[]> alone = new ArrayList<>();
        try (OnnxModel model = OnnxModel.open(ModelFolder.open(Mini.FOLDER).imageTower(), Device.CPU)) {
            OnnxImageTower tower = new OnnxImageTower(model, mini.model().inputSide());
            for (Path file : firstPictures(batch)) {
                try (PreparedPicture picture = mini.prepare(file)) {
                    alone.add(tower.run(picture.tensor(), 1)[0]);
                    together.put(picture.tensor());
                }
            }
            float[][] vectors = tower.run(together, batch);
            float most = 0;
            for (int i = 0; i < batch; i++) {
                for (int d = 0; d < vectors[i].length; d++) {
                    most = Math.max(most, Math.abs(vectors[i][d] - alone.get(i)[d]));
                }
            }
            System.out.printf("vitrine-mini: a batch of 8 differs from batches of 1 by at most %.1e%n", most);
            assertThat(most).isLessThanOrEqualTo(1e-5f);
        }
    }

    private static List<Path> firstPictures(int count) throws IOException {
        try (Stream<Path> files = Files.list(RETRIEVAL)) {
            return files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .limit(count)
                    .toList();
        }
    }

    private static JsonNode expected() throws IOException {
        return JSON.readTree(RESOURCES.resolve("mini/expected.json").toFile());
    }

    private static void assertStartsWith(float[] vector, JsonNode start, String what) {
        assertThat(vector).hasSize(512);
        assertThat(start).isNotEmpty();
        for (int i = 0; i < start.size(); i++) {
            assertThat((double) vector[i])
                    .as("%s, number %d", what, i)
                    .isCloseTo(start.path(i).asDouble(), within(TOLERANCE));
        }
    }
}
