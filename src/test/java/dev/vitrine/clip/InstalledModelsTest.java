package dev.vitrine.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledModelsTest {

    @TempDir
    private Path temp;

    @Test
    void autoIsTheDemoModelUntilTheRealOneIsInstalled() {
        install("vitrine-mini");
        InstalledModels models = new InstalledModels(temp);
        assertThat(models.resolve("auto").isDemo()).isTrue();

        install("clip-vit-b32");
        assertThat(models.resolve("auto").name()).isEqualTo("clip-vit-b32");
        assertThat(models.resolve("auto").isDemo()).isFalse();
    }

    @Test
    void autoNeverHidesABrokenModelBehindTheDemo() throws IOException {
        install("vitrine-mini");
        install("clip-vit-b32");
        Files.delete(temp.resolve("clip-vit-b32/onnx/vision_model.onnx"));
        assertThatThrownBy(() -> new InstalledModels(temp).resolve("auto"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("clip-vit-b32");
    }

    @Test
    void autoSaysHowToInstallWhereThereIsNoModel() {
        assertThatThrownBy(() -> new InstalledModels(temp.resolve("none")).resolve("auto"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("./vitrine model install clip-vit-b32");
    }

    @Test
    void findsAModelByNameByFolderAndByFile() {
        Path elsewhere = TinyClip.copyTo(temp.resolve("elsewhere"));
        Path shelf = temp.resolve("models");
        TinyClip.copyTo(shelf.resolve("mine"));
        InstalledModels models = new InstalledModels(shelf);
        assertThat(models.resolve("mine").imageTower()).startsWith(shelf);
        assertThat(models.resolve(elsewhere.toString()).imageTower()).startsWith(elsewhere);
        Path file = elsewhere.resolve("onnx/vision_model.onnx");
        assertThat(models.resolve(file.toString()).imageTower()).isEqualTo(file);
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesWhatIsThere() {
        install("mine");
        assertThatThrownBy(() -> new InstalledModels(temp).resolve("yours"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("'yours'")
                .hasMessageContaining("mine")
                .hasMessageContaining("./vitrine model list");
    }

    @Test
    void leavesOutDownloadsInProgress() {
        install(".clip-vit-b32.partial");
        install("mine");
        assertThat(new InstalledModels(temp).names()).containsExactly("mine");
    }

    private void install(String name) {
        TinyClip.copyTo(temp.resolve(name));
    }
}
