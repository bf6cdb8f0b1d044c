package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.MultipartBody;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A picture goes in and comes out of a search, with everything embedded. */
class PipelineTest {
    private static RunningVitrine service;
    private static HttpApi api;

    @BeforeAll
    static void start(@TempDir Path data) {
        service = RunningVitrine.start(data, Map.of());
        api = service.api();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String accepted(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        assertThat(answer.text("status")).isEqualTo("queued");
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + answer.text("job_id"));
        return answer.text("job_id");
    }

    private static void awaitIndexed(String productId) {
        await("product " + productId)
                .until(() -> api.get("/products/" + productId).status() == 200);
    }

    @Test
    void indexesAnUploadAndLeavesNothingBehind() {
        String job = accepted(api.upload(
                Map.of(
                        "product_id",
                        "lamp:1",
                        "name",
                        "Lampe à pied",
                        "metadata",
                        "{\"colour\":\"red\",\"price\":12.5}"),
                Pictures.jpeg(10)));
        service.awaitStatus(job, "completed");

        JsonNode state = api.get("/jobs/" + job).body();
        assertThat(state.path("product_id").asText()).isEqualTo("lamp:1");
        assertThat(state.path("image_id").asText()).isEqualTo("main");
        assertThat(state.path("name").asText()).isEqualTo("Lampe à pied");
        assertThat(state.path("attempts").asInt()).isEqualTo(1);
        assertThat(state.path("model").asText()).isEqualTo("tiny-clip");
        assertThat(state.path("error").isNull()).isTrue();
        assertThat(state.path("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(state.path("finished_at").asText())
                .isGreaterThanOrEqualTo(state.path("started_at").asText());

        JsonNode image = api.get("/products/lamp:1").body().path("images").path(0);
        assertThat(image.path("name").asText()).isEqualTo("Lampe à pied");
        assertThat(image.path("metadata").path("price").asDouble()).isEqualTo(12.5);
        await().until(() -> service.keptFiles().isEmpty());
    }

    @Test
    void findsAProductByItsPicture() {
        for (int i = 0; i < 5; i++) {
            accepted(api.upload("find-" + i, Pictures.jpeg(100 + i)));
        }
        for (int i = 0; i < 5; i++) {
            awaitIndexed("find-" + i);
        }
        Answer answer = api.searchByPicture(Pictures.jpeg(103));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("model")).isEqualTo("tiny-clip");
        assertThat(answer.body().path("took_ms").asDouble()).isPositive();
        JsonNode best = answer.body().path("results").path(0);
        assertThat(best.path("product_id").asText()).isEqualTo("find-3");
        assertThat(best.path("score").asDouble()).isBetween(0.9999, 1.0001);
    }

    @Test
    void searchesByText() {
        accepted(api.upload("words", Pictures.jpeg(7)));
        awaitIndexed("words");
        Answer answer = api.postJson("/search", "{\"text\":\"a red mug\",\"limit\":1}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.body().path("results")).hasSize(1);
        assertThat(answer.body().path("results").path(0).path("score").asDouble())
                .isBetween(-1.0, 1.0);
    }

    @Test
    void saysWhatIsWrongWithASearch() {
        HttpApi bad = api.offContract();
        assertThat(bad.postJson("/search", "{}").status()).isEqualTo(400);
        assertThat(bad.postJson("/search", "{\"text\":\"\"}").status()).isEqualTo(400);
        assertThat(bad.postJson("/search", "{\"text\":").status()).isEqualTo(400);
        assertThat(bad.postJson("/search", "{\"text\":\"x\",\"limit\":0}").status())
                .isEqualTo(400);
        assertThat(bad.postJson("/search", "{\"text\":\"x\",\"min_score\":7}").status())
                .isEqualTo(400);
        assertThat(api.searchByPicture("no picture".getBytes()).status()).isEqualTo(415);
        assertThat(bad.postForm("/search", new MultipartBody().field("limit", "3"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void keepsTwoPicturesOfAProductAndDeletesBoth() {
        accepted(api.upload(Map.of("product_id", "twice", "name", "T", "image_id", "front"), Pictures.jpeg(20)));
        accepted(api.upload(Map.of("product_id", "twice", "name", "T", "image_id", "back"), Pictures.jpeg(21)));
        await().until(() -> api.get("/products/twice").body().path("images").size() == 2);

        Answer deleted = api.delete("/products/twice");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.body().path("deleted").asInt()).isEqualTo(2);
        assertThat(api.get("/products/twice").status()).isEqualTo(404);
    }

    @Test
    void theLaterUploadOfAProductWins() {
        for (int i = 0; i < 6; i++) {
            accepted(api.upload(Map.of("product_id", "again", "name", "Name " + i), Pictures.jpeg(30 + i)));
        }
        await().until(() -> api.get("/products/again")
                .body()
                .path("images")
                .path(0)
                .path("name")
                .asText()
                .equals("Name 5"));
        await().until(() -> api.get("/jobs?status=queued").body().path("jobs").isEmpty()
                && api.get("/jobs?status=processing").body().path("jobs").isEmpty());
        assertThat(api.get("/products/again")
                        .body()
                        .path("images")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("Name 5");
    }

    @Test
    void listsJobsNewestFirstInPages() {
        String first = accepted(api.upload("list-1", Pictures.jpeg(40)));
        String second = accepted(api.upload("list-1", Pictures.jpeg(41)));
        String third = accepted(api.upload("list-1", Pictures.jpeg(42)));
        JsonNode page = api.get("/jobs?product_id=list-1&limit=2").body();
        assertThat(page.path("jobs").findValuesAsText("job_id")).containsExactly(third, second);
        JsonNode rest = api.get("/jobs?product_id=list-1&limit=2&cursor="
                        + page.path("next_cursor").asText())
                .body();
        assertThat(rest.path("jobs").findValuesAsText("job_id")).containsExactly(first);
        assertThat(rest.path("next_cursor").isNull()).isTrue();
        assertThat(api.offContract().get("/jobs?status=nonsense").status()).isEqualTo(400);
        assertThat(api.offContract().get("/jobs?limit=0").status()).isEqualTo(400);
    }

    @Test
    void retriesOnlyFailedJobs() {
        String job = accepted(api.upload("retry-1", Pictures.jpeg(50)));
        service.awaitStatus(job, "completed");
        assertThat(api.post("/jobs/" + job + "/retry").status()).isEqualTo(409);
        assertThat(api.post("/jobs/unknown/retry").status()).isEqualTo(404);
    }

    @Test
    void reportsStatsHealthAndMetrics() {
        String job = accepted(api.upload("stats-1", Pictures.jpeg(60)));
        service.awaitStatus(job, "completed");

        JsonNode stats = api.get("/stats").body();
        assertThat(stats.path("jobs").path("completed").asInt()).isPositive();
        assertThat(stats.path("queue").path("mode").asText()).isEqualTo("redis");
        assertThat(stats.path("workers").asInt()).isEqualTo(1);
        assertThat(stats.path("model").path("name").asText()).isEqualTo("tiny-clip");
        assertThat(stats.path("index").path("points").asInt()).isPositive();

        assertThat(api.get("/observe/health").text("status")).isEqualTo("UP");
        assertThat(api.get("/observe/health/live").text("status")).isEqualTo("UP");
        assertThat(api.get("/observe/health/ready").text("status")).isEqualTo("UP");

        String metrics = api.get("/observe/metrics").response().body();
        assertThat(metrics)
                .contains("vitrine_jobs_accepted_total{")
                .containsPattern("node_id=\"worker-picture\"")
                .containsPattern("node_id=\"worker-embed\"")
                .containsPattern("node_id=\"worker-upsert\"");
    }

    @Test
    void takesPicturesFromTheDropFolder() throws IOException {
        Path inbox = service.inbox();
        Files.writeString(inbox.resolve("drop-1.json"), "{\"name\":\"Dropped mug\",\"metadata\":{\"shelf\":[1,2]}}");
        Files.write(inbox.resolve("drop-1.jpg"), Pictures.jpeg(70));
        Files.write(inbox.resolve("drop-2.PNG"), Pictures.encode("png", 71, 64, 64));
        awaitIndexed("drop-1");
        awaitIndexed("drop-2");

        JsonNode image = api.get("/products/drop-1").body().path("images").path(0);
        assertThat(image.path("name").asText()).isEqualTo("Dropped mug");
        assertThat(image.path("metadata").path("shelf")).hasSize(2);
        assertThat(api.get("/products/drop-2")
                        .body()
                        .path("images")
                        .path(0)
                        .path("name")
                        .asText())
                .isEqualTo("drop-2");
        await().until(() -> RunningVitrine.names(inbox.resolve(".done")).size() >= 3);
        assertThat(RunningVitrine.names(inbox.resolve(".done"))).contains("drop-1.jpg", "drop-1.json", "drop-2.PNG");
    }

    @Test
    void theSameNameDroppedAgainIsANewUpload() throws IOException {
        for (int i = 0; i < 2; i++) {
            Files.writeString(service.inbox().resolve("same.json"), "{\"name\":\"Round " + i + "\"}");
            Files.write(service.inbox().resolve("same.jpg"), Pictures.jpeg(80 + i));
            String name = "Round " + i;
            await().until(() -> api.get("/products/same")
                    .body()
                    .path("images")
                    .path(0)
                    .path("name")
                    .asText()
                    .equals(name));
        }
        assertThat(api.get("/jobs?product_id=same").body().path("jobs")).hasSize(2);
    }

    @Test
    void refusedDropsGoToFailedWithTheReason() throws IOException {
        Files.writeString(service.inbox().resolve("text.jpg"), "no picture at all");
        Files.write(service.inbox().resolve("bad name .jpg"), Pictures.jpeg(90));
        Files.writeString(service.inbox().resolve("badjson.json"), "{\"name\":");
        Files.write(service.inbox().resolve("badjson.jpg"), Pictures.jpeg(91));
        Path failed = service.inbox().resolve(".failed");
        await().until(() -> RunningVitrine.names(failed).size() >= 7);
        assertThat(RunningVitrine.names(failed))
                .contains(
                        "text.jpg",
                        "text.jpg.error.txt",
                        "bad name .jpg",
                        "bad name .jpg.error.txt",
                        "badjson.jpg",
                        "badjson.jpg.error.txt",
                        "badjson.json");
        assertThat(Files.readString(failed.resolve("text.jpg.error.txt"))).contains("not a picture");
        assertThat(Files.readString(failed.resolve("bad name .jpg.error.txt"))).contains("product_id");
        assertThat(Files.readString(failed.resolve("badjson.jpg.error.txt"))).contains("badjson.json");
    }

    @Test
    void tellsWhatRunsThroughEachRoute() {
        service.awaitStatus(accepted(api.upload("counted", Pictures.jpeg(97))), "completed");

        JsonNode overview = api.get("/routes").body();
        Map<String, JsonNode> routes = new HashMap<>();
        overview.path("routes").forEach(route -> routes.put(route.path("id").asText(), route));
        JsonNode accept = routes.get("accept");
        assertThat(accept.path("file").asText()).isEqualTo("accept.camel.yaml");
        assertThat(accept.path("from").asText()).isEqualTo("direct:accept");
        assertThat(accept.path("status").asText()).isEqualTo("started");
        assertThat(accept.path("exchanges").asInt()).isPositive();
        assertThat(accept.path("failed").asInt())
                .isLessThanOrEqualTo(accept.path("exchanges").asInt());
        assertThat(routes.get("worker").path("exchanges").asInt()).isPositive();
        assertThat(overview.path("diagram").asText())
                .contains("route_ingest_http --> route_accept", "POST /index-product-with-image");
    }

    @Test
    void aHalfCopiedFileWaitsUntilItIsWhole() throws IOException {
        byte[] picture = Pictures.jpeg(95);
        Path file = service.inbox().resolve("slow.jpg");
        Files.write(file, java.util.Arrays.copyOf(picture, picture.length / 2));
        Files.write(service.inbox().resolve("quick.jpg"), Pictures.jpeg(96));
        awaitIndexed("quick");
        // A poll after the file settled would have taken or refused it by now.
        await().during(java.time.Duration.ofSeconds(2)).until(() -> Files.exists(file));
        Files.write(file, picture);
        awaitIndexed("slow");
    }
}
