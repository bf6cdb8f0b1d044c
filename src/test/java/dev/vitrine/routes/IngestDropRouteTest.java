package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.nio.file.Files;
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
}
