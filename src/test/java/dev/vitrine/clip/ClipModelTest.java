package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipModelTest {

    @TempDir
    private Path temp;

    @Test
    void aTextFindsThePictureThatItDescribes() throws Exception {
        try (ClipModel model = open(TinyClip.folder())) {
            float[] query = model.texts().orElseThrow().embed("a photo of a red shoe");
            double red = score(model, query, TinyClip.colour(220, 20, 20));
            assertThat(red)
                    .isGreaterThan(0.9)
                    .isGreaterThan(score(model, query, TinyClip.colour(20, 40, 220)))
                    .isGreaterThan(score(model, query, TinyClip.colour(20, 160, 40)));
        }
    }

    @Test
    void tellsWhatItIs() {
        try (ClipModel model = open(TinyClip.folder())) {
            assertThat(model.name()).isEqualTo("tiny-clip");
            assertThat(model.dimensions()).isEqualTo(512);
            assertThat(model.inputSide()).isEqualTo(224);
            assertThat(model.isDemo()).isFalse();
            assertThat(model.fingerprint())
                    .isEqualTo(Fingerprint.of(
                            ModelFolder.open(TinyClip.folder()), "test", true, new FileHashes(temp.resolve("other"))));
        }
    }

    @Test
    void knowsTheDemoModel() {
        try (ClipModel model = open(TinyClip.copyTo(temp.resolve("vitrine-mini")))) {
            assertThat(model.isDemo()).isTrue();
        }
    }

    @Test
    void anImageTowerAloneHasNoTexts() {
        try (ClipModel model = open(TinyClip.folder().resolve("onnx/vision_model.onnx"))) {
            assertThat(model.hasTexts()).isFalse();
            assertThat(model.texts()).isEmpty();
        }
    }

    @Test
    void loadsTheTextTowerWhenFirstAskedFor() throws IOException {
        Path folder = TinyClip.copyTo(temp.resolve("model"));
        Files.writeString(folder.resolve("onnx/text_model.onnx"), "not a model");
        try (ClipModel model = open(folder)) {
            assertThat(model.hasTexts()).isTrue();
            assertThatThrownBy(model::texts)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("text_model.onnx cannot be loaded");
        }
    }

    @Test
    void answersItsHealthCheck() throws Exception {
        try (ClipModel model = open(TinyClip.folder())) {
            model.images().check(Duration.ofSeconds(20));
        }
    }

    @Test
    void refusesATextTowerInTheImageTowersPlace() throws IOException {
        Path folder = TinyClip.copyTo(temp.resolve("model"));
        Files.copy(
                TinyClip.variant("text_masked.onnx"),
                folder.resolve("onnx/vision_model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not an image tower");
    }

    @Test
    void nothingRunsAfterClose() {
        ClipModel model = open(TinyClip.folder());
        TextEncoder texts = model.texts().orElseThrow();
        model.close();
        assertThatThrownBy(() -> texts.embed("red")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.images().embed(TinyClip.noise(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::texts).isInstanceOf(IllegalStateException.class);
    }

    private ClipModel open(Path path) {
        return ClipModel.open(ModelFolder.open(path), TinyClip.options(2, 8), "test", true, Path.of("target/native"));
    }

    private static double score(ClipModel model, float[] query, FloatBuffer picture) throws InterruptedException {
        float[] vector = model.images().embed(picture);
        return IntStream.range(0, vector.length)
                .mapToDouble(i -> (double) vector[i] * query[i])
                .sum();
    }
}
