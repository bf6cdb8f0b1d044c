package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that wait for the end of their jobs, at a service that works and at one where nobody does. */
class WaitingTest {
    private static final String PREFER = "Prefer";

    @TempDir
    private static Path folder;

    private static RunningVitrine working;
    private static RunningVitrine idle;

    @BeforeAll
    static void start() throws Exception {
        working = RunningVitrine.start(folder.resolve("working"), Map.of());
        idle = RunningVitrine.startOnCopy(folder.resolve("idle"), Map.of("VITRINE_ROLE", "api"));
    }

    @AfterAll
    static void stop() {
        working.close();
        idle.close();
    }

    private static HttpApi waiting(RunningVitrine service, String preference) {
        return service.api().with(PREFER, preference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=20", "respond-async, wait=20", "WAIT = \"20\"; x=y, handling=lenient"})
    void anUploadIsAnsweredWithItsJobOnceThatHasEnded(String preference) {
        Answer answer = waiting(working, preference).upload("mug", Pictures.jpeg(1));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("completed");
        assertThat(answer.text("product_id")).isEqualTo("mug");
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=20");
        assertThat(answer.header("Content-Location")).isEqualTo("/jobs/" + answer.text("job_id"));
        assertThat(answer.header("Location")).isEmpty();
        assertThat(working.api().get("/products/mug").status()).isEqualTo(200);
    }

    @Test
    void aFailureIsAnEndWithItsReason() {
        Answer answer = waiting(working, "wait=20").upload("broken", Pictures.brokenPng(50, 50));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("failed");
        assertThat(answer.text("error")).isNotEmpty();
    }

    @Test
    void aJobIsAskedForOnce() {
        String job = working.api().upload("lamp", Pictures.jpeg(2)).text("job_id");

        Answer answer = waiting(working, "wait=20").get("/jobs/" + job);

        assertThat(answer.text("status")).isEqualTo("completed");
        assertThat(answer.body().path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void whatDoesNotEndInTimeIsAnsweredAsEver() {
        Answer upload = waiting(idle, "wait=1").upload("chair", Pictures.jpeg(3));
        assertThat(upload.status()).isEqualTo(202);
        assertThat(upload.header("Location")).isEqualTo("/jobs/" + upload.text("job_id"));
        assertThat(upload.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(upload.millis()).isBetween(900L, 10_000L);

        Answer job = waiting(idle, "wait=1").get("/jobs/" + upload.text("job_id"));
        assertThat(job.text("status")).isEqualTo("queued");
        assertThat(job.millis()).isBetween(900L, 10_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=0", "wait=soon", "wait", "wait=-1", "wait=1.5", "respond-async"})
    void whatIsNoWaitIsIgnored(String preference) {
        Answer answer = waiting(idle, preference).upload("table", Pictures.jpeg(4));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Preference-Applied")).isEmpty();
    }

    @Test
    void nothingElseWaits() {
        assertThat(waiting(idle, "wait=30").get("/jobs").header("Preference-Applied"))
                .isEmpty();
        assertThat(waiting(idle, "wait=30")
                        .get("/jobs/0197aaaa-0000-7000-8000-000000000000")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoeverWaitsHoldsNoThreadAndKeepsNobodyWaitingAndLetsRoutesBeExchanged() throws Throwable {
        String job = idle.api().upload("sofa", Pictures.jpeg(5)).text("job_id");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(idle.settings().http().url() + "/jobs/" + job))
                .header(PREFER, "wait=30")
                .build();
        HttpClient http = HttpClient.newHttpClient();
        double before = asked();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int many = 50; many <= 200; many += 50) { // more at once than a path's lane holds would be sent away
            IntStream.range(0, 50).forEach(i -> waiting.add(http.sendAsync(request, BodyHandlers.ofString())));
            double asked = before + many;
            await().atMost(Duration.ofSeconds(60)).until(() -> asked() >= asked);
        }

        assertThat(Thread.getAllStackTraces().entrySet().stream()
                        .filter(thread -> thread.getKey().getName().startsWith("vert.x-worker"))
                        .filter(thread -> Stream.of(thread.getValue())
                                .anyMatch(frame -> frame.getClassName().startsWith("dev.vitrine")))
                        .count())
                .isLessThan(8);
        assertThat(idle.api().get("/jobs/" + job).status()).isEqualTo(200);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        idle.reload(() -> idle.edit("routes/jobs.camel.yaml", "The state of one job.", "What one job does."));
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();
        assertThat(waiting).allSatisfy(answer -> {
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(answer.join().body()).contains("\"queued\"");
        });
    }

    /** How many requests for one job have been through the route. */
    private static double asked() {
        JsonNode routes = idle.api().ofChangedRoutes().get("/routes").body().path("routes");
        return StreamSupport.stream(routes.spliterator(), false)
                .filter(route -> route.path("id").asText().equals("jobs-get"))
                .mapToDouble(route -> route.path("exchanges").asDouble())
                .sum();
    }

    @Test
    void manyJobsAreAskedForAtOnceInTheOrderOfTheirIds() {
        List<String> ids = IntStream.range(0, 5)
                .mapToObj(i -> idle.api().upload("many-" + i, Pictures.jpeg(i)).text("job_id"))
                .toList();
        String unknown = "0197aaaa-0000-7000-8000-000000000000";
        String asked = ids.get(3) + "," + unknown + "," + ids.get(1) + "," + ids.get(3);

        Answer answer = idle.api().get("/jobs?ids=" + asked);

        assertThat(answer.body().path("jobs").findValuesAsText("job_id")).containsExactly(ids.get(3), ids.get(1));
        assertThat(answer.body().path("next_cursor").isNull()).isTrue();
        assertThat(idle.api().get("/jobs?status=queued&ids=" + unknown).status())
                .isEqualTo(400);
        String tooMany = String.join(",", Collections.nCopies(501, unknown));
        Answer refused = idle.api().get("/jobs?ids=" + tooMany);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("detail")).contains("500");
    }
}
