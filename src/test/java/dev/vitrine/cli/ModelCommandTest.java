package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.clip.FileHashes;
import dev.vitrine.clip.TinyClip;
import dev.vitrine.clip.install.FileServer;
import dev.vitrine.clip.quantize.SmallTower;
import dev.vitrine.testing.Pictures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelCommandTest {

    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeACatalogue() throws IOException {
        System.setProperty("vitrine.home", home.toString());
        Files.createDirectories(home.resolve("models"));
        Files.writeString(
                home.resolve("models/catalogue.yaml"),
                """
                models:
                  tiny:
                    title: A tiny model
                    repository: owner/tiny
                    revision: main
                    licence: Apache-2.0
                    files:
                      - file: onnx/vision_model.onnx
                        bytes: %d
                        sha256: %s
                      - file: onnx/text_model.onnx
                      - file: tokenizer.json
                """
                        .formatted(
                                Files.size(TinyClip.folder().resolve("onnx/vision_model.onnx")),
                                FileHashes.compute(TinyClip.folder().resolve("onnx/vision_model.onnx"))));
    }

    @AfterEach
    void forgetTheHome() {
        System.clearProperty("vitrine.home");
    }

    @Test
    void installsFromAFolderThenListsAndChecks() {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).containsPattern("tiny +no +25 kB +Apache-2.0 +A tiny model");

        assertThat(run("install", "tiny", "--from", TinyClip.folder().toString()))
                .isZero();
        assertThat(out.toString()).contains("VITRINE_MODEL=tiny");
        assertThat(err.toString())
                .contains("onnx/vision_model.onnx  SHA-256 verified")
                .contains("tokenizer.json  taken as it came")
                .doesNotContain("\u001b");

        assertThat(run("list")).isZero();
        assertThat(out.toString()).containsPattern("tiny +yes ");

        assertThat(run("check", "tiny")).isZero();
        assertThat(out.toString())
                .contains("3 present, 1 with a SHA-256")
                .contains("512 dimensions, 224 x 224 pixels")
                .contains("texts: work");
    }

    @Test
    void installsFromAWebServer() throws IOException {
        try (FileServer server = new FileServer()) {
            for (String file : new String[] {"onnx/vision_model.onnx", "onnx/text_model.onnx", "tokenizer.json"}) {
                server.put("/m/" + file, Files.readAllBytes(TinyClip.folder().resolve(file)));
            }
            assertThat(run("install", "tiny", "--from", server.address() + "/m"))
                    .isZero();
        }
        assertThat(home.resolve("models/tiny/tokenizer.json")).exists();
    }

    @Test
    void listsModelsThatTheCatalogueLacks() {
        TinyClip.copyTo(home.resolve("models/vitrine-mini"));
        TinyClip.copyTo(home.resolve("models/mine"));
        assertThat(run("list")).isZero();
        assertThat(out.toString())
                .containsPattern("vitrine-mini +yes +the bundled demo model")
                .containsPattern("mine +yes +not in the catalogue");
    }

    @Test
    void checkFindsADamagedFile() throws IOException {
        run("install", "tiny", "--from", TinyClip.folder().toString());
        Path tower = home.resolve("models/tiny/onnx/vision_model.onnx");
        byte[] bytes = Files.readAllBytes(tower);
        bytes[bytes.length / 2] ^= 1;
        Files.write(tower, bytes);
        assertThat(run("check", "tiny")).isEqualTo(1);
        assertThat(err.toString()).contains("has SHA-256").contains("./vitrine model install tiny");
    }

    @Test
    void checkSaysHowToGetAModel() {
        assertThat(run("check", "missing")).isEqualTo(1);
        assertThat(err.toString()).contains("./vitrine model list");
    }

    @Test
    void checksAFolderAnywhere() {
        assertThat(run("check", TinyClip.folder().toString())).isZero();
        assertThat(out.toString()).contains("512 dimensions");
    }

    @Test
    void failsWithOneLineWhenTheSourceIsNotThere() {
        assertThat(run("install", "tiny", "--from", home.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains("neither a folder nor a URL"));
        assertThat(home.resolve("models/tiny")).doesNotExist();
    }

    @Test
    void failsWithOneLineWhenTheCatalogueIsBroken() throws IOException {
        Files.writeString(home.resolve("models/catalogue.yaml"), "models: [");
        assertThat(run("list")).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.contains("catalogue.yaml is not YAML"));
    }

    @Test
    void wrongUsageEndsWith2() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("install")).isEqualTo(2);
        assertThat(run("install", "unheard-of")).isEqualTo(2);
        assertThat(err.toString()).contains("No model 'unheard-of' in the catalogue; it has tiny");
        assertThat(run("--help")).isZero();
    }

    @Test
    void quantizesAModelAndComparesIt() throws IOException {
        Path small = SmallTower.in(home.resolve("models/small"), 17);
        Files.writeString(
                small.resolve("preprocessor_config.json"),
                """
                {"size": {"shortest_edge": 16}, "crop_size": 16, "image_mean": [0.5, 0.5, 0.5],
                 "image_std": [0.25, 0.25, 0.25]}
                """);
        Path pictures = Files.createDirectories(home.resolve("pictures"));
        assertThat(run("quantize", "small", "--pictures", pictures.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("only 0 pictures").contains("give --pictures with 20 or more");
        assertThat(home.resolve("models")).isDirectoryNotContaining("glob:**small-int8*");

        for (int i = 0; i < 20; i++) {
            Files.write(pictures.resolve(i + ".jpg"), Pictures.jpeg(i));
        }
        Files.writeString(pictures.resolve("notes.txt"), "no picture");
        assertThat(run("quantize", "small", "--pictures", pictures.toString())).isZero();
        assertThat(out.toString())
                .contains("2 products are int8 now")
                .contains("Comparing on 20 pictures")
                .containsPattern("cosine .*: 0\\.99\\d+ at least")
                .contains("VITRINE_MODEL=small-int8");
        assertThat(home.resolve("models/small-int8/int8.json")).content().contains("\"made_from\" : \"small\"");
        assertThat(run("check", "small-int8")).isZero();

        assertThat(run("quantize", "small", "--pictures", pictures.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is there already; give --replace");
        assertThat(run("quantize", "small", "--pictures", pictures.toString(), "--replace"))
                .isZero();
        assertThat(run("quantize", "small-int8")).isEqualTo(1);
        assertThat(err.toString()).contains("quantised already");
        assertThat(home.resolve("models")).isDirectoryNotContaining("glob:**.small*");
    }

    private int run(String... arguments) {
        return new CommandLine(new ModelCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
