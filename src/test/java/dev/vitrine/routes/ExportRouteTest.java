package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.cli.CommandRun;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code export.camel.yaml}: what the index holds, as lines. */
class ExportRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @BeforeAll
    static void fill() {
        for (String id : List.of("red", "blue", "green")) {
            Answer answer = pipeline.api()
                    .upload(
                            Map.of("product_id", id, "name", id, "metadata", "{\"colour\":\"" + id + "\"}"),
                            Pictures.jpeg(id.hashCode()));
            pipeline.await(answer.text("job_id"), "completed");
        }
    }

    @Test
    void everyPictureIsALineBetweenHeadAndEnd() {
        Answer answer = pipeline.api().get("/export");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        List<JsonNode> lines = lines(answer.response().body());
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0).path("vitrine_export").asInt()).isEqualTo(1);
        assertThat(lines.subList(1, 4)).allSatisfy(line -> assertThat(line.path("vector"))
                .hasSize(lines.get(0).path("dimensions").asInt()));
        assertThat(lines.get(4).path("vitrine_export_end").asInt()).isEqualTo(3);
    }

    @Test
    void whatDoesNotMeetTheFilterIsLeftOut() {
        Answer answer = pipeline.api().get("/export?vectors=false&filter=%7B%22colour%22%3A%22red%22%7D");
        List<JsonNode> lines = lines(answer.response().body());
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1).path("product_id").asText()).isEqualTo("red");
        assertThat(lines.get(1).has("vector")).isFalse();
    }

    @Test
    void whatIsAskedForWronglyIsRefusedAtOnce() {
        Answer answer = pipeline.api().offContract().get("/export?vectors=maybe&filter=%7B");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains("vectors", "filter");
    }

    @Test
    void theCommandWritesAWholeFileOrNone() throws IOException {
        Path file = pipeline.folder().resolve("export.jsonl");
        CommandRun run = CommandRun.of("export", file.toString(), "--url", pipeline.url());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readAllLines(file)).hasSize(5);
        assertThat(run.err()).contains("Exported 3 pictures");

        Path none = pipeline.folder().resolve("none.jsonl");
        CommandRun refused = CommandRun.of("export", none.toString(), "--filter", "{", "--url", pipeline.url());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(none).doesNotExist();
        assertThat(pipeline.folder().resolve("none.jsonl.part")).doesNotExist();
    }

    @Test
    void linesOfAnExportAreTakenAsTheyAreAndDamagedOnesRefused() {
        String export = pipeline.api().get("/export").response().body();
        Answer taken = post(export);
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().path("indexed").asInt()).isEqualTo(3);

        assertThat(post(export.replaceFirst("\"fingerprint\":\"..", "\"fingerprint\":\"xx"))
                        .status())
                .isEqualTo(409);
        assertThat(post(export.replaceFirst("\"name\":\"[a-z]+\",", "")).text("detail"))
                .contains("Line 2")
                .contains("name");
        assertThat(post(export.substring(export.indexOf('\n') + 1)).text("detail"))
                .contains("Line 1");
        assertThat(pipeline.api().offContract().postJson("/products", "{}").status())
                .isEqualTo(415);
    }

    private static Answer post(String lines) {
        return pipeline.api().post("/products", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> lines(String text) {
        return text.lines()
                .map(line -> {
                    try {
                        return new ObjectMapper().readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
