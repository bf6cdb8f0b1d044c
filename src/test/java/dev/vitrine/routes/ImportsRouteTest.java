package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code imports.camel.yaml}: whole catalogues over HTTP and from the drop folder. */
class ImportsRouteTest {
    private static final PictureServer SHOP = new PictureServer();

    @RegisterExtension
    static final Pipeline pipeline = new Pipeline()
            .with("VITRINE_FETCH_HOSTS", SHOP.host())
            .with("VITRINE_MAX_UPLOAD", "1MB")
            .with("VITRINE_MAX_CATALOGUE", "2MB")
            .countKamelets()
            .edit("imports.camel.yaml", "vitrine.catalogues.age:5000", "vitrine.catalogues.age:100");

    @AfterAll
    static void stop() {
        SHOP.close();
    }

    private static MultipartBody file(String text) {
        return new MultipartBody().file("catalogue_file", "export.csv", text.getBytes());
    }

    private static JsonNode await(String id, String status) {
        Awaitility.await("import " + status)
                .atMost(Duration.ofSeconds(30))
                .until(() -> pipeline.api().get("/imports/" + id).text("status").equals(status));
        return pipeline.api().get("/imports/" + id).body();
    }

    @Test
    void aCatalogueThatIsSentIsImported() {
        String good = SHOP.put("/mug.jpg", Pictures.jpeg(1));
        MultipartBody form = file("sku;title;photo\nm-1;Mug;" + good + "\nm-2;Cup;" + SHOP.url("/gone.jpg") + "\n")
                .field("map", "product_id=sku,name=title,image=photo")
                .field("name", "nightly");

        Answer started = pipeline.api().postForm("/imports", form);

        assertThat(started.status()).isEqualTo(202);
        String id = started.text("import_id");
        assertThat(started.header("Location")).isEqualTo("/imports/" + id);
        JsonNode done = await(id, "completed");
        assertThat(done.path("format").asText()).startsWith("a table");
        assertThat(done.path("counts").path("indexed").asInt()).isEqualTo(1);
        assertThat(done.path("counts").path("failed").asInt()).isEqualTo(1);
        assertThat(pipeline.api()
                        .get("/products/m-1")
                        .body()
                        .path("images")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("Mug");
        Answer report = pipeline.api().get("/imports/" + id + "/report");
        assertThat(report.header("Content-Type")).startsWith("text/csv");
        assertThat(report.response().body())
                .contains("3,image,")
                .contains("answers 404")
                .contains("m-2");
        assertThat(pipeline.api().get("/imports").body().path("imports").findValuesAsText("import_id"))
                .contains(id);
        assertThat(pipeline.api().delete("/imports/" + id).text("status")).isEqualTo("completed");
    }

    @Test
    void aCatalogueIsFetchedAndTheNextOneSendsOnlyWhatIsNew() {
        SHOP.put("/pics/a.jpg", Pictures.jpeg(2));
        String url = SHOP.put("/feed.csv", "product_id,name,image\nf-1,A,pics/a.jpg\n".getBytes());
        String first = pipeline.api()
                .postForm("/imports", new MultipartBody().field("url", url))
                .text("import_id");
        assertThat(await(first, "completed").path("counts").path("indexed").asInt())
                .isEqualTo(1);
        SHOP.put("/feed.csv", "product_id,name,image\nf-1,B,pics/a.jpg\n".getBytes());
        String second = pipeline.api()
                .postForm("/imports", new MultipartBody().field("url", url))
                .text("import_id");
        JsonNode counts = await(second, "completed").path("counts");
        assertThat(counts.path("sent").asInt()).isZero();
        assertThat(counts.path("updated").asInt()).isEqualTo(1);
        assertThat(pipeline.api().get("/imports/" + second + "/report").status())
                .isEqualTo(404);
    }

    @Test
    void aCatalogueThatIsDroppedIsImported() throws Exception {
        String picture = SHOP.put("/drop.jpg", Pictures.jpeg(3));
        Path folder = Files.createDirectories(pipeline.inbox().resolve("catalogues"));
        Files.writeString(folder.resolve("export.csv"), "product_id,name,image\nd-1,Dropped," + picture + "\n");

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> pipeline.api().get("/products/d-1").status() == 200);
        Awaitility.await().until(() -> Files.isDirectory(folder.resolve(".done")));
        assertThat(folder.resolve("export.csv")).doesNotExist();
    }

    @Test
    void aCatalogueMayBeLargerThanAPicture() {
        String row = "w-%d,W,,\"" + "words ".repeat(1_000) + "\"\n";
        StringBuilder table = new StringBuilder("product_id,name,image,text\n");
        for (int i = 0; table.length() < 1_600_000; i++) {
            table.append(row.formatted(i));
        }
        String id = pipeline.api().postForm("/imports", file(table.toString())).text("import_id");
        assertThat(await(id, "completed").path("counts").path("without_picture").asInt())
                .isGreaterThan(200);

        Answer refused = pipeline.api().postForm("/imports", file(table.toString() + table));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text("detail")).contains("VITRINE_MAX_CATALOGUE");
    }

    @Test
    void anImportGoesOnAfterARestart() {
        CountDownLatch restarted = new CountDownLatch(1);
        AtomicInteger held = new AtomicInteger();
        StringBuilder table = new StringBuilder("product_id,name,image\n");
        for (int i = 0; i < 12; i++) {
            byte[] content = Pictures.jpeg(20 + i);
            boolean isHeld = i >= 6;
            String url = SHOP.put("/restart/" + i + ".jpg", request -> {
                if (isHeld) {
                    held.incrementAndGet();
                    await(restarted);
                }
                request.sendResponseHeaders(200, content.length);
                request.getResponseBody().write(content);
            });
            table.append("r-%d,R,%s\n".formatted(i, url));
        }
        String id = pipeline.api().postForm("/imports", file(table.toString())).text("import_id");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> held.get() == 4
                        && pipeline.api()
                                        .get("/imports/" + id)
                                        .body()
                                        .path("counts")
                                        .path("sent")
                                        .asInt()
                                >= 1);

        pipeline.restart();
        restarted.countDown();

        JsonNode counts = await(id, "completed").path("counts");
        assertThat(counts.path("failed").asInt()).isZero();
        assertThat(counts.path("unchanged").asInt()).isPositive();
        for (int i = 0; i < 12; i++) {
            assertThat(pipeline.api()
                            .get("/jobs?product_id=r-" + i)
                            .body()
                            .path("jobs")
                            .findValuesAsText("status"))
                    .containsExactly("completed");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anImportIsCancelled() {
        String slow = SHOP.put("/slow.jpg", request -> {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        String running = pipeline.api()
                .postForm("/imports", file("product_id,name,image\ns-1,Slow," + slow + "\n"))
                .text("import_id");
        await(running, "running");
        String waiting = pipeline.api()
                .postForm("/imports", file("product_id,name,image\ns-2,Slow," + slow + "\n"))
                .text("import_id");
        assertThat(pipeline.api().delete("/imports/" + waiting).text("status")).isEqualTo("cancelled");
        pipeline.api().delete("/imports/" + running);
        await(running, "cancelled");
    }

    @Test
    void whatCannotBeImportedIsRefusedByName() {
        for (MultipartBody wrong : new MultipartBody[] {
            new MultipartBody().field("name", "x"),
            file("x").field("format", "xls"),
            file("x").field("dry_run", "maybe"),
            file("x").field("map", "sku"),
            file("x").field("nmae", "x"),
            file("x").field("image_base", "../pictures")
        }) {
            assertThat(pipeline.api().offContract().postForm("/imports", wrong).status())
                    .isEqualTo(400);
        }
        Answer foreign =
                pipeline.api().postForm("/imports", new MultipartBody().field("url", "http://169.254.169.254/latest"));
        assertThat(foreign.status()).isEqualTo(422);
        assertThat(foreign.text("detail")).contains("VITRINE_FETCH_HOSTS");
        assertThat(pipeline.api().get("/imports/nothing").status()).isEqualTo(404);
        assertThat(pipeline.api()
                        .delete("/imports/00000000-0000-0000-0000-000000000000")
                        .status())
                .isEqualTo(404);
    }
}
