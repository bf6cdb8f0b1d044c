package dev.vitrine.clip.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogueTest {

    private static final String MINIMAL =
            """
            models:
              mine:
                repository: owner/name
                revision: main
                files:
                  - file: onnx/vision_model.onnx
            """;

    @TempDir
    private Path temp;

    @Test
    void theProjectsCatalogueIsValidAndComplete() {
        ModelCatalogue catalogue = ModelCatalogue.read(Path.of("models/catalogue.yaml"));
        assertThat(catalogue.models())
                .extracting(CatalogueModel::name)
                .contains("clip-vit-b32", "clip-vit-b32-int8", "clip-vit-b16");
        assertThat(catalogue.models()).allSatisfy(model -> {
            assertThat(model.licence()).isNotEmpty();
            assertThat(model.revision()).as("a commit, which never changes").matches("[0-9a-f]{40}");
            assertThat(model.files())
                    .extracting(CatalogueFile::saveAs)
                    .contains(
                            "onnx/vision_model.onnx",
                            "onnx/text_model.onnx",
                            "tokenizer.json",
                            "config.json",
                            "preprocessor_config.json");
            assertThat(model.files())
                    .filteredOn(file -> file.file().endsWith(".onnx"))
                    .allMatch(file -> file.sha256().isPresent() && file.bytes().isPresent());
        });
    }

    @Test
    void onlyPlaceAndFilesAreNeeded() throws IOException {
        CatalogueModel model = read(MINIMAL).find("mine").orElseThrow();
        assertThat(model.title()).isEqualTo("mine");
        assertThat(model.files().get(0).saveAs()).isEqualTo("onnx/vision_model.onnx");
        assertThat(model.files().get(0).sha256()).isEmpty();
        assertThat(model.bytes()).isZero();
    }

    @Test
    void namesAMisspelledKey() {
        assertThatThrownBy(() -> read(MINIMAL.replace("revision", "revison")))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("mine has an unknown key 'revison'");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> read(MINIMAL.replace("    revision: main\n", "")))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("mine has no 'revision'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/etc/evil", "onnx/../../evil", "onnx//x", "a b", "''"})
    void refusesAFileThatLeadsOutOfTheFolder(String file) {
        assertThatThrownBy(() -> read(MINIMAL.replace("onnx/vision_model.onnx", file)))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("plain relative path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", ".hidden", "a/b"})
    void refusesANameThatIsNoFolder(String name) {
        assertThatThrownBy(() -> read(MINIMAL.replace("mine", name)))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("no name for a model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"models: [", "[]", "models: 3", "models:\n  mine: 3"})
    void saysWhichFileIsNoCatalogue(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("catalogue.yaml");
    }

    private ModelCatalogue read(String text) throws IOException {
        return ModelCatalogue.read(Files.writeString(temp.resolve("catalogue.yaml"), text));
    }
}
