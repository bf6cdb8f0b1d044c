package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.cli.CommandRun;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model where no pictures were kept: it has them once more from where imports had them. */
class ReindexFromManifestTest {
    private static final String MINI = "vitrine-mini";

    @TempDir
    private Path folder;

    private final PictureServer shop = new PictureServer();
    private RunningVitrine service;

    @BeforeEach
    void start() {
        service = RunningVitrine.start(
                folder.resolve("data"), Map.of("VITRINE_FETCH_HOSTS", shop.host(), "VITRINE_THUMBNAILS", "off"));
    }

    @AfterEach
    void stop() {
        service.close();
        shop.close();
    }

    @Test
    void picturesComeFromWhereImportsHadThemAndUploadsAreKeptMeanwhile() throws Exception {
        importUrls("a", "b", "c");
        importFolder("d");
        upload("sent");
        shop.put("/b.jpg", picture("another b"));
        shop.put("/c.jpg", 410);

        CommandRun build = reindex("--model", MINI, "--from", "manifest");

        assertThat(build.code()).isEqualTo(1);
        assertThat(build.out())
                .contains("product sent, picture main: was not brought by an import")
                .contains("product b, picture main: " + shop.url("/b.jpg") + " has another picture")
                .contains("product c, picture main: " + shop.url("/c.jpg") + " answers 410");
        assertThat(best("a")).containsExactly("tiny-clip", "a");
        assertThat(reindex("--model", MINI).err()).contains("being built from the manifest");

        upload("sent");
        upload("c");
        service.api().delete("/products/b");
        upload("late");
        awaitKept(MINI);
        for (String id : List.of("a", "c", "d", "sent", "late")) {
            assertThat(best(id)).containsExactly(MINI, id);
        }
        assertThat(service.api().get("/products/b").status()).isEqualTo(404);

        upload("later");
        assertThat(reindex("--rollback").code()).isZero();
        assertThat(best("later")).containsExactly("tiny-clip", "later");
        assertThat(best("a")).containsExactly("tiny-clip", "a");

        awaitKept("tiny-clip");
        assertThat(reindex("--drop").code()).isZero();
        assertThat(folder.resolve("data/reindex-pictures")).isNotEmptyDirectory();
        service.close();
        start();
        assertThat(folder.resolve("data/reindex-pictures")).doesNotExist();
        assertThat(best("later")).containsExactly("tiny-clip", "later");
    }

    private void importUrls(String... products) {
        StringBuilder table = new StringBuilder("product_id,image_id,name,image\n");
        for (String id : products) {
            String url = shop.put("/" + id + ".jpg", picture(id));
            table.append(id).append(",main,").append(id).append(',').append(url).append('\n');
        }
        String id = service.api()
                .postForm(
                        "/imports",
                        new MultipartBody()
                                .file(
                                        "catalogue_file",
                                        "export.csv",
                                        table.toString().getBytes()))
                .text("import_id");
        Awaitility.await("imported")
                .atMost(Duration.ofSeconds(30))
                .until(() -> service.api().get("/imports/" + id).text("status").equals("completed"));
    }

    private void importFolder(String product) throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Files.write(pictures.resolve(product + ".jpg"), picture(product));
        String state = folder.resolve("data/imports").toString();
        CommandRun run = CommandRun.of(
                "import",
                pictures.toString(),
                "--url",
                service.settings().http().url(),
                "--state",
                state);
        assertThat(run.code()).as(run.err()).isZero();
    }

    private void upload(String productId) {
        String job = service.api().upload(productId, picture(productId)).text("job_id");
        service.awaitStatus(job, "completed");
    }

    private CommandRun reindex(String... arguments) {
        String url = service.settings().http().url();
        return CommandRun.of(Stream.of(List.of("reindex"), List.of(arguments), List.of("--url", url))
                .flatMap(List::stream)
                .toArray(String[]::new));
    }

    private void awaitKept(String model) {
        Awaitility.await("kept").atMost(Duration.ofSeconds(60)).until(() -> {
            var status = service.api().get("/reindex");
            return status.text("phase").equals("kept")
                    && status.body().at("/serving/model").asText().equals(model);
        });
    }

    /** The model that answers, and which product it finds for a picture. */
    private List<String> best(String productId) {
        var answer = service.api().searchByPicture(picture(productId)).body();
        return List.of(
                answer.path("model").asText(),
                answer.at("/results/0/product_id").asText());
    }

    private static byte[] picture(String id) {
        return Pictures.jpeg(id.hashCode());
    }
}
