package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ingest-drop.camel.yaml}: the drop folder. */
class IngestDropRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void aDroppedPictureIsIndexedWithTheJsonBesideIt() {
        pipeline.drop("mug-1.json", "{\"name\":\"Red mug\"}".getBytes());
        pipeline.drop("mug-1.jpg", Pictures.jpeg(1));

        Awaitility.await().until(() -> pipeline.api().get("/products/mug-1").status() == 200);
        assertThat(pipeline.api().get("/products/mug-1").response().body()).contains("Red mug");
        Awaitility.await().until(() -> Files.exists(pipeline.inbox().resolve(".done/mug-1.json")));
        assertThat(pipeline.inbox().resolve(".done/mug-1.jpg")).exists();
    }

    @Test
    void whatIsNoPictureKeepsNoOtherWaiting() throws Exception {
        Path inbox = pipeline.inbox();
        new ProcessBuilder("mkfifo", inbox.resolve("a-pipe.jpg").toString())
                .start()
                .waitFor();
        Files.createSymbolicLink(inbox.resolve("a-link.jpg"), inbox.resolve("nowhere"));
        Files.createDirectory(inbox.resolve("a-folder.jpg"));
        Files.write(Path.of(URI.create(inbox.toUri() + "a-%FF.jpg")), Pictures.jpeg(2));
        pipeline.drop("mug-2.jpg", Pictures.jpeg(2));

        Awaitility.await().until(() -> pipeline.api().get("/products/mug-2").status() == 200);
        assertThat(inbox.resolve(".failed/a-link.jpg.error.txt")).exists();
        Files.deleteIfExists(inbox.resolve("a-pipe.jpg"));
    }

    @Test
    void jsonThatComesLateUpdatesTheProduct() {
        pipeline.drop("mug-3.jpg", Pictures.jpeg(3));
        Awaitility.await().until(() -> pipeline.api().get("/products/mug-3").status() == 200);

        pipeline.drop("mug-3.json", "{\"name\":\"Late mug\"}".getBytes());

        Awaitility.await()
                .until(() ->
                        pipeline.api().get("/products/mug-3").response().body().contains("Late mug"));
    }

    @Test
    void damageThatOnlyDecodingSeesEndsInFailedWithTheReason() {
        pipeline.drop("broken.png", Pictures.brokenPng(64, 64));

        Path note = pipeline.inbox().resolve(".failed/broken.png.error.txt");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(note));
        assertThat(note).content().contains("damaged", "Job ");
        assertThat(pipeline.inbox().resolve(".failed/broken.png")).exists();
    }

    @Test
    void anErrorFromAStepFailsThatPictureAndEndsNothing() {
        pipeline.fail("ingest-drop-accept", () -> {
            throw new StackOverflowError();
        });
        pipeline.drop("deep.jpg", Pictures.jpeg(4));
        Awaitility.await().until(() -> Files.exists(pipeline.inbox().resolve(".failed/deep.jpg.error.txt")));

        pipeline.fail("ingest-drop-accept", () -> null);
        pipeline.drop("mug-4.jpg", Pictures.jpeg(4));

        Awaitility.await().until(() -> pipeline.api().get("/products/mug-4").status() == 200);
        assertThat(pipeline.api().get("/observe/health/ready").response().body())
                .contains("{\"name\":\"sources\",\"status\":\"UP\"");
    }
}
