package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

    @TempDir
    private Path temp;

    private Path model;
    private String before;

    @BeforeEach
    void takeTheFingerprint() {
        model = TinyClip.copyTo(temp.resolve("tiny"));
        before = of(model, "clip", true);
    }

    @Test
    void isSha256() {
        assertThat(before).matches("[0-9a-f]{64}");
    }

    @Test
    void staysWhenTheModelMoves() throws IOException {
        Path moved = Files.move(model, temp.resolve("moved"));
        assertThat(of(moved, "clip", true)).isEqualTo(before);
    }

    @Test
    void changesWithTheImageTower() throws IOException {
        Files.copy(
                TinyClip.variant("vision_int8.onnx"),
                model.resolve("onnx/vision_model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void changesWithWeightsThatLieBesideTheGraph() throws IOException {
        Files.writeString(model.resolve("onnx/vision_model.onnx_data"), "weights");
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void changesWithThePreprocessing() {
        assertThat(of(model, "clip, 336 pixels", true)).isNotEqualTo(before);
    }

    @Test
    void changesWithTheExifChoice() {
        assertThat(of(model, "clip", false)).isNotEqualTo(before);
    }

    @Test
    void changesWithTheTextTower() throws IOException {
        Files.copy(
                TinyClip.variant("text_masked.onnx"),
                model.resolve("onnx/text_model.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void changesWithTheTextTowersWeightsThatLieBesideItsGraph() throws IOException {
        Files.writeString(model.resolve("onnx/text_model.onnx_data"), "weights");
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void changesWhenTheTextTowerGoes() throws IOException {
        Files.delete(model.resolve("onnx/text_model.onnx"));
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void changesWithTheTokenizer() throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), " ", StandardOpenOption.APPEND);
        assertThat(of(model, "clip", true)).isNotEqualTo(before);
    }

    @Test
    void staysWithFilesThatNoVectorDependsOn() throws IOException {
        Files.writeString(model.resolve("README.md"), "A model.");
        assertThat(of(model, "clip", true)).isEqualTo(before);
    }

    private String of(Path folder, String preprocessing, boolean exif) {
        return Fingerprint.of(ModelFolder.open(folder), preprocessing, exif, new FileHashes(temp.resolve("cache")));
    }
}
