package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.api.ProductExport;
import dev.vitrine.reindex.ModelState.Phase;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients write once everything was copied and before the new model serves must be in both collections: nobody copies
 * it any more. The test holds the builder's lock, so that it alone says when a phase begins.
 */
class WritesDuringABuildTest {
    private static final String MINI = "vitrine-mini";
    private static final String RED = "%7B%22colour%22%3A%22red%22%7D";

    @TempDir
    private Path folder;

    private RunningVitrine service;
    private FileChannel builder;

    @BeforeEach
    void start() throws Exception {
        service = RunningVitrine.start(
                folder.resolve("data"),
                Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString(), "VITRINE_THUMBNAILS", "off"));
        builder = FileChannel.open(
                folder.resolve("data/.reindex.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        builder.lock();
    }

    @AfterEach
    void stop() throws Exception {
        builder.close();
        service.close();
    }

    @Test
    void everyKindOfWriteReachesBothCollections() throws Exception {
        upload("restored", "blue");
        String export = service.api().get("/export").response().body();
        assertThat(service.api().post("/reindex?model=" + MINI).status()).isEqualTo(200);
        service.api().delete("/products/restored");
        goTo(Phase.CLOSING);

        for (String id : List.of("stays", "gone", "half", "matching")) {
            upload(id, id.equals("matching") ? "red" : "blue");
        }
        service.awaitStatus(
                service.api()
                        .upload(Map.of("product_id", "half", "image_id", "back", "name", "half"), picture("back"))
                        .text("job_id"),
                "completed");
        assertThat(service.api().delete("/products/gone").status()).isEqualTo(200);
        assertThat(service.api().delete("/products/half/images/back").status()).isEqualTo(200);
        assertThat(service.api().delete("/products?filter=" + RED).status()).isEqualTo(200);
        assertThat(service.api()
                        .patch("/products/stays/images/main", "{\"name\":\"New name\"}")
                        .status())
                .isEqualTo(200);
        assertThat(post(export).status()).isEqualTo(200);
        Answer withoutPicture = post(export.replace("\"restored\"", "\"unknown\""));
        assertThat(withoutPicture.status()).isEqualTo(409);
        assertThat(withoutPicture.text("detail")).contains("product unknown is not kept", MINI);

        new StateFile(folder.resolve("data")).update(ModelState::switched);

        List<String> lines = service.api()
                .get("/export?vectors=false")
                .response()
                .body()
                .lines()
                .toList();
        List<JsonNode> pictures = new ArrayList<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            pictures.add(new ObjectMapper().readTree(line));
        }
        assertThat(pictures)
                .extracting(one -> one.path("product_id").asText() + " "
                        + one.path("image_id").asText())
                .containsExactlyInAnyOrder("stays main", "half main", "restored main");
        assertThat(lines.get(0)).contains(MINI);
        assertThat(service.api()
                        .get("/products/stays")
                        .body()
                        .at("/images/0/name")
                        .asText())
                .isEqualTo("New name");

        String late = upload("late", "blue");
        assertThat(service.api().get("/jobs/" + late).text("model")).isEqualTo(MINI);
        builder.close();
        Awaitility.await("kept")
                .atMost(Duration.ofSeconds(30))
                .until(() -> service.api().get("/reindex").text("phase").equals("kept"));
        assertThat(service.api()
                        .get("/products/stays")
                        .body()
                        .at("/images/0/name")
                        .asText())
                .isEqualTo("New name");
    }

    /** A page of points that was read before a switch is of another model than one that is read after it. */
    @Test
    void anExportStaysWithOneModelThroughASwitch() throws Exception {
        upload("mug", "blue");
        assertThat(service.api().post("/reindex?model=" + MINI).status()).isEqualTo(200);
        goTo(Phase.CLOSING);
        upload("mug", "blue");
        String whole = service.api().get("/export").response().body();
        CamelContext context = service.vitrine().context();
        Exchange exchange = new DefaultExchange(context);
        context.getRegistry()
                .lookupByNameAndType("productExport", ProductExport.class)
                .open(null, null, null, exchange);
        InputStream lines = exchange.getMessage().getBody(InputStream.class);
        int first = lines.read();

        new StateFile(folder.resolve("data")).update(ModelState::switched);

        assertThat((char) first + new String(lines.readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(whole)
                .contains("\"model\":\"tiny-clip\"");
    }

    private void goTo(Phase phase) {
        new StateFile(folder.resolve("data")).update(state -> state.in(phase));
    }

    private String upload(String productId, String colour) {
        String job = service.api()
                .upload(
                        Map.of(
                                "product_id",
                                productId,
                                "name",
                                productId,
                                "metadata",
                                "{\"colour\":\"" + colour + "\"}"),
                        picture(productId))
                .text("job_id");
        service.awaitStatus(job, "completed");
        return job;
    }

    private Answer post(String lines) {
        return service.api().post("/products", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] picture(String id) {
        return Pictures.jpeg(id.hashCode());
    }
}
