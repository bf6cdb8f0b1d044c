package dev.vitrine.clip.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.clip.FileHashes;
import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.TinyClip;
import dev.vitrine.clip.install.FileServer.Request;
import dev.vitrine.clip.install.HttpSource.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInstallerTest {

    private static final String HUB_FOLDER = "/owner/tiny/resolve/abc123/";
    private static final String TOWER = "onnx/vision_model_quantized.onnx";
    private static final Patience QUICK = new Patience(Duration.ofSeconds(20), 3, Duration.ofMillis(1));

    @TempDir
    private Path temp;

    private final FileServer server = new FileServer();
    private final Log progress = new Log();
    private Path models;
    private byte[] tower;
    private CatalogueModel model;

    @BeforeEach
    void offerTheTinyModel() throws IOException {
        models = temp.resolve("models");
        Path file = TinyClip.folder().resolve("onnx/vision_model.onnx");
        tower = Files.readAllBytes(file);
        model = model(FileHashes.compute(file), tower.length);
        server.put(HUB_FOLDER + TOWER, tower).put(HUB_FOLDER + "config.json", "{}".getBytes());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static CatalogueModel model(String sha256, long bytes) {
        return new CatalogueModel(
                "tiny",
                "Tiny",
                "owner/tiny",
                "abc123",
                "MIT",
                List.of(
                        new CatalogueFile(TOWER, "onnx/vision_model.onnx", OptionalLong.of(bytes), Optional.of(sha256)),
                        new CatalogueFile("config.json", "config.json", OptionalLong.empty(), Optional.empty())));
    }

    @Test
    void installsAModelThatIsThenFoundByName() throws Exception {
        install();
        assertInstalled();
        assertThat(new InstalledModels(models).resolve("tiny").imageTower())
                .isEqualTo(models.resolve("tiny/onnx/vision_model.onnx"));
        assertThat(progress.completed).containsExactly("onnx/vision_model.onnx true", "config.json false");
        assertThat(progress.received).isEqualTo(tower.length);
    }

    @Test
    void leavesNothingButTheModel() throws Exception {
        server.cutAfter(1000);
        install();
        try (var files = Files.walk(models)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> models.relativize(file).toString()))
                    .containsExactlyInAnyOrder(".tiny.lock", "tiny/config.json", "tiny/onnx/vision_model.onnx");
        }
    }

    @Test
    void goesOnAfterACut() throws Exception {
        server.cutAfter(1000, 2000);
        install();
        assertInstalled();
        assertThat(ranges()).containsExactly("", "bytes=1000-", "bytes=3000-");
        assertThat(server.requests().get(1).header("If-range")).isEqualTo("\"one\"");
        assertThat(progress.notes).hasSize(2).allMatch(note -> note.contains("connection was"));
    }

    @Test
    void startsAnewWhereTheServerCannotGoOn() throws Exception {
        server.withoutRanges().cutAfter(1000);
        install();
        assertInstalled();
    }

    @Test
    void goesOnWithoutATag() throws Exception {
        server.tag(null).cutAfter(1000);
        install();
        assertInstalled();
        assertThat(ranges()).containsExactly("", "bytes=1000-");
    }

    @Test
    void startsAnewWhenTheFileHasChanged() throws Exception {
        server.cutAfter(1000, 1000, 1000);
        server.put(HUB_FOLDER + TOWER, new byte[tower.length]);
        assertThatThrownBy(() -> install(patient(1))).isInstanceOf(InstallException.class);

        server.put(HUB_FOLDER + TOWER, tower).tag("\"two\"");
        install();
        assertInstalled();
    }

    @Test
    void aLaterRunGoesOn() throws Exception {
        server.cutAfter(1000);
        assertThatThrownBy(() -> install(patient(1)))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("stopped at 1000 bytes")
                .hasMessageContaining("run the same command again");
        assertThat(new InstalledModels(models).names()).isEmpty();

        install();
        assertInstalled();
        assertThat(ranges()).containsExactly("", "bytes=1000-");
    }

    @Test
    void aLaterRunKeepsWhatIsComplete() throws Exception {
        server.put(HUB_FOLDER + "config.json", "{}".getBytes());
        CatalogueFile missing =
                new CatalogueFile("missing.json", "missing.json", OptionalLong.empty(), Optional.empty());
        CatalogueModel more = new CatalogueModel(
                "tiny",
                "Tiny",
                "owner/tiny",
                "abc123",
                "MIT",
                List.of(model.files().get(0), missing));
        assertThatThrownBy(() -> new ModelInstaller(models, hub(Map.of(), QUICK)).install(more, progress))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("missing.json");
        install();
        assertInstalled();
        assertThat(requested(TOWER)).hasSize(1);
    }

    @Test
    void whatAnEarlierRunLeftMayBeOfAnotherFile() throws Exception {
        Path part = models.resolve(".tiny.partial/onnx/vision_model.onnx.part");
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[500]);
        install();
        assertInstalled();
        assertThat(progress.notes).anyMatch(note -> note.contains("starts anew"));
    }

    @Test
    void refusesOtherBytesThanTheCatalogueSays() {
        byte[] other = tower.clone();
        other[100] ^= 1;
        server.put(HUB_FOLDER + TOWER, other);
        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("has SHA-256")
                .hasMessageContaining("Nothing was installed");
        assertThat(new InstalledModels(models).names()).isEmpty();
    }

    @Test
    void refusesAnotherLengthBeforeItDownloads() {
        server.put(HUB_FOLDER + TOWER, new byte[tower.length + 1]);
        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("bytes at")
                .hasMessageContaining("where the catalogue says " + tower.length);
        assertThat(progress.received).isZero();
    }

    @Test
    void readsNoMoreThanTheCatalogueSaysWhereTheServerGivesNoLength() throws Exception {
        server.withoutLength().put(HUB_FOLDER + TOWER, new byte[tower.length + 5_000_000]);
        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("goes on after the " + tower.length + " bytes");
        assertThat(progress.received).isLessThan(tower.length + 1_000_000);

        server.put(HUB_FOLDER + TOWER, tower);
        install();
        assertInstalled();
    }

    @Test
    void refusesFilesThatMakeNoModel() throws IOException {
        CatalogueModel towerless = new CatalogueModel(
                "tiny",
                "Tiny",
                "owner/tiny",
                "abc123",
                "MIT",
                List.of(model.files().get(1)));
        assertThatThrownBy(() -> new ModelInstaller(models, hub(Map.of(), QUICK)).install(towerless, progress))
                .hasMessageContaining("has no onnx/vision_model.onnx");
        assertThat(new InstalledModels(models).names()).isEmpty();
    }

    @Test
    void triesAgainWhenTheServerIsBusy() throws Exception {
        server.answerWith(503, 429);
        install();
        assertInstalled();
    }

    @Test
    void givesUpOnAServerThatIsGone() {
        server.close();
        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("run the same command again");
    }

    @Test
    void saysThatAHostIsNotKnown() {
        HttpSource nowhere = HttpSource.mirror("http://nowhere.invalid/", Map.of(), patient(1));
        assertThatThrownBy(() -> new ModelInstaller(models, nowhere).install(model, progress))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("nowhere.invalid cannot be reached: no host of this name is known")
                .hasMessageContaining("--from");
    }

    @Test
    void noticesADownloadThatHangs() throws Exception {
        server.hang(true);
        Patience hasty = new Patience(Duration.ofMillis(100), 1, Duration.ofMillis(1));
        assertThatThrownBy(() -> install(hasty))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("stopped at " + tower.length / 2);
        server.hang(false);
        install();
        assertInstalled();
    }

    @Test
    void saysWhatIsMissing() {
        server.answerWith(404);
        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining(HUB_FOLDER + TOWER)
                .hasMessageContaining("catalogue.yaml");
    }

    @Test
    void saysThatATokenIsNeeded() {
        server.answerWith(401);
        assertThatThrownBy(this::install).isInstanceOf(InstallException.class).hasMessageContaining("HF_TOKEN");
    }

    @Test
    void keepsTheTokenToTheEndpoint() throws Exception {
        try (FileServer elsewhere = new FileServer()) {
            elsewhere.put("/blob", tower);
            server.redirect(HUB_FOLDER + TOWER, elsewhere.address().resolve("/blob"));
            new ModelInstaller(models, hub(Map.of("HF_TOKEN", "secret"), QUICK)).install(model, progress);
            assertInstalled();
            assertThat(server.requests())
                    .allMatch(request -> request.header("Authorization").equals("Bearer secret"));
            assertThat(elsewhere.requests()).isNotEmpty().allMatch(request -> request.header("Authorization")
                    .isEmpty());
        }
    }

    @Test
    void followsARedirectWithinTheServer() throws Exception {
        server.put("/cache/blob", tower).redirect(HUB_FOLDER + TOWER, URI.create("/cache/blob"));
        install();
        assertInstalled();
    }

    @Test
    void stopsAtARedirectInACircle() {
        server.redirect(HUB_FOLDER + TOWER, URI.create(HUB_FOLDER + TOWER));
        assertThatThrownBy(this::install).isInstanceOf(InstallException.class).hasMessageContaining("circle");
    }

    @Test
    void goesThroughAProxy() throws Exception {
        try (FileServer proxy = new FileServer()) {
            proxy.put(HUB_FOLDER + TOWER, tower).put(HUB_FOLDER + "config.json", "{}".getBytes());
            Map<String, String> environment = Map.of(
                    "HF_ENDPOINT",
                    "http://hub.invalid",
                    "http_proxy",
                    "http://me:word@" + proxy.address().getAuthority());
            new ModelInstaller(models, HttpSource.hub(environment, QUICK)).install(model, progress);
            assertInstalled();
            assertThat(proxy.requests()).hasSize(2).allMatch(request -> request.header("Proxy-authorization")
                    .equals("Basic bWU6d29yZA=="));
        }
    }

    @Test
    void takesTheFilesFromAMirror() throws Exception {
        server.put("/mirror/" + TOWER, tower).put("/mirror/config.json", "{}".getBytes());
        HttpSource mirror = HttpSource.mirror(server.address() + "/mirror", Map.of("HF_TOKEN", "secret"), QUICK);
        new ModelInstaller(models, mirror).install(model, progress);
        assertInstalled();
        assertThat(server.requests())
                .allMatch(request -> request.header("Authorization").isEmpty());
    }

    @Test
    void takesTheFilesFromAFolderAsTheRepositoryHasThem() throws Exception {
        Path folder = temp.resolve("usb");
        Files.createDirectories(folder.resolve("onnx"));
        Files.write(folder.resolve(TOWER), tower);
        Files.writeString(folder.resolve("config.json"), "{}");
        new ModelInstaller(models, new FolderSource(folder)).install(model, progress);
        assertInstalled();
    }

    @Test
    void takesTheFilesFromAFolderOfInstalledModels() throws Exception {
        install();
        Path other = temp.resolve("other");
        new ModelInstaller(other, new FolderSource(models)).install(model, progress);
        assertThat(other.resolve("tiny/onnx/vision_model.onnx")).hasBinaryContent(tower);
    }

    @Test
    void namesTheFileThatAFolderLacks() {
        assertThatThrownBy(() -> new ModelInstaller(models, new FolderSource(temp)).install(model, progress))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("has no " + TOWER);
    }

    @Test
    void leavesAnInstalledModelAlone() throws Exception {
        install();
        Files.writeString(models.resolve("tiny/mine.txt"), "mine");
        install();
        assertThat(models.resolve("tiny/mine.txt")).exists();
        assertThat(progress.notes).anyMatch(note -> note.contains("is installed already"));
    }

    @Test
    void findsWhatIsWrongWithAnInstalledModel() throws Exception {
        install();
        Path folder = models.resolve("tiny");
        assertThat(ModelInstaller.faults(folder, model)).isEmpty();
        Files.write(folder.resolve("onnx/vision_model.onnx"), Arrays.copyOf(tower, 50));
        Files.delete(folder.resolve("config.json"));
        assertThat(ModelInstaller.faults(folder, model))
                .containsExactly(
                        "onnx/vision_model.onnx has 50 bytes where the catalogue says " + tower.length,
                        "config.json is missing");
    }

    private void install() throws IOException, InterruptedException {
        install(QUICK);
    }

    private void install(Patience patience) throws IOException, InterruptedException {
        new ModelInstaller(models, hub(Map.of(), patience)).install(model, progress);
    }

    private static Patience patient(int tries) {
        return new Patience(Duration.ofSeconds(20), tries, Duration.ofMillis(1));
    }

    private HttpSource hub(Map<String, String> environment, Patience patience) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HF_ENDPOINT", server.address().toString());
        return HttpSource.hub(all, patience);
    }

    private void assertInstalled() {
        assertThat(models.resolve("tiny/onnx/vision_model.onnx")).hasBinaryContent(tower);
        assertThat(models.resolve("tiny/config.json")).hasContent("{}");
        assertThat(new InstalledModels(models).names()).containsExactly("tiny");
    }

    private List<Request> requested(String file) {
        return server.requests().stream()
                .filter(request -> request.path().endsWith(file))
                .toList();
    }

    private List<String> ranges() {
        return requested(TOWER).stream().map(request -> request.header("Range")).toList();
    }

    private static final class Log implements InstallProgress {
        private final List<String> completed = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private long received;

        @Override
        public void received(String file, long done, long total) {
            if (file.endsWith(".onnx")) {
                received = done;
            }
        }

        @Override
        public void completed(String file, boolean verified) {
            completed.add(file + " " + verified);
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }
    }
}
