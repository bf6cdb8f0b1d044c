package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

    @TempDir
    private Path temp;

    private Path model;

    @BeforeEach
    void copyTheTinyModel() {
        model = TinyClip.copyTo(temp.resolve("tiny"));
    }

    @Test
    void findsEveryFile() {
        ModelFolder folder = ModelFolder.open(model);
        assertThat(folder.name()).isEqualTo("tiny");
        assertThat(folder.imageTower()).isEqualTo(model.resolve("onnx/vision_model.onnx"));
        assertThat(folder.textTower()).contains(model.resolve("onnx/text_model.onnx"));
        assertThat(folder.tokenizer()).contains(model.resolve("tokenizer.json"));
        assertThat(folder.config()).contains(model.resolve("config.json"));
        assertThat(folder.preprocessor()).contains(model.resolve("preprocessor_config.json"));
        assertThat(folder.isDemo()).isFalse();
    }

    @Test
    void takesQuantizedTowersWhereThereAreNoOthers() throws IOException {
        rename("onnx/vision_model.onnx", "onnx/vision_model_quantized.onnx");
        rename("onnx/text_model.onnx", "onnx/text_model_quantized.onnx");
        ModelFolder folder = ModelFolder.open(model);
        assertThat(folder.imageTower()).hasFileName("vision_model_quantized.onnx");
        assertThat(folder.textTower()).get().isEqualTo(model.resolve("onnx/text_model_quantized.onnx"));
    }

    @Test
    void prefersFullPrecision() throws IOException {
        Files.copy(model.resolve("onnx/vision_model.onnx"), model.resolve("onnx/vision_model_quantized.onnx"));
        assertThat(ModelFolder.open(model).imageTower()).hasFileName("vision_model.onnx");
    }

    @Test
    void takesASingleFileAsAnImageTower() {
        ModelFolder folder = ModelFolder.open(model.resolve("onnx/vision_model.onnx"));
        assertThat(folder.name()).isEqualTo("vision_model");
        assertThat(folder.textTower()).isEmpty();
    }

    @Test
    void needsNothingButAnImageTower() throws IOException {
        Files.delete(model.resolve("onnx/text_model.onnx"));
        Files.delete(model.resolve("tokenizer.json"));
        Files.delete(model.resolve("config.json"));
        Files.delete(model.resolve("preprocessor_config.json"));
        ModelFolder folder = ModelFolder.open(model);
        assertThat(folder.textTower()).isEmpty();
        assertThat(folder.preprocessor()).isEmpty();
    }

    @Test
    void namesTheMissingImageTower() throws IOException {
        Files.delete(model.resolve("onnx/vision_model.onnx"));
        assertThatThrownBy(() -> ModelFolder.open(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("has no onnx/vision_model.onnx");
    }

    @Test
    void namesTheMissingTokenizer() throws IOException {
        Files.delete(model.resolve("tokenizer.json"));
        assertThatThrownBy(() -> ModelFolder.open(model))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no tokenizer.json");
    }

    @Test
    void saysWhereItLookedForAFolderThatIsNotThere() {
        assertThatThrownBy(() -> ModelFolder.open(temp.resolve("elsewhere")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(temp.resolve("elsewhere").toString());
    }

    @Test
    void listsWeightsThatLieBesideTheGraph() throws IOException {
        Path first = Files.createFile(model.resolve("onnx/vision_model.onnx_data"));
        Path second = Files.createFile(model.resolve("onnx/vision_model.onnx_data_1"));
        assertThat(ModelFolder.open(model).imageTowerFiles())
                .containsExactly(model.resolve("onnx/vision_model.onnx"), first, second);
    }

    private void rename(String from, String to) throws IOException {
        Files.move(model.resolve(from), model.resolve(to));
    }
}
