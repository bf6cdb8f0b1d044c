package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.spool.FolderSpool;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that dies at one certain step loses nothing that was accepted. */
@Tag("chaos")
class CrashPointTest {
    private static final String STEP = "- bean:\n    ref: crashPoint\n    method: %s\n";
    private static final String BEANS =
            "- beans:\n    - name: crashPoint\n      type: " + CrashPoint.class.getName() + "\n";

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "after take,         worker-load,     before",
        "after load,         worker-embed,    before",
        "after embed,        worker-upsert,   before",
        "after upsert,       worker-clean-up, before",
        "after delete,       worker-clean-up, after",
        "before acknowledge, worker-complete, before"
    })
    void finishesAJobWhoseWorkerDied(String when, String step, String where) {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_WORKERS", "1"))) {
            crash(fleet, "routes/index.camel.yaml", step, where.equals("before"), "once");
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());

            answerOrNone(api); // it may die before the answer is out

            awaitCrash(fleet);
            fleet.awaitReady();
            JsonNode job = awaitEnd(api);
            assertThat(job.path("status").asText()).isEqualTo("completed");
            assertThat(job.path("attempts").asInt()).isEqualTo(2);
            assertIndexedOnce(api, fleet);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "between picture and record,   kamelets/vitrine-spool-action.kamelet.yaml,   record,         false",
        "between record and commit,    kamelets/vitrine-spool-action.kamelet.yaml,   commit,         false",
        "between commit and push,      kamelets/vitrine-enqueue-action.kamelet.yaml, state,          true",
        "before the commands are sent, kamelets/vitrine-enqueue-action.kamelet.yaml, push,           true",
        "between push and answer,      routes/accept.camel.yaml,                     accept-receipt, true"
    })
    void keepsWhatTheSpoolOwesWhenItDiesWhileAccepting(String when, String file, String step, boolean owed) {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_WORKERS", "1"))) {
            crash(fleet, file, step, true, "once");
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());

            assertThat(answerOrNone(api)).as("the client gets no answer").isFalse();

            awaitCrash(fleet);
            fleet.awaitReady();
            if (owed) {
                await().atMost(Duration.ofSeconds(20))
                        .ignoreExceptions()
                        .until(() -> api.get("/products/lamp").status() == 200);
                assertIndexedOnce(api, fleet);
            } else {
                FolderSpool spool = new FolderSpool(fleet.data().resolve("spool"));
                assertThat(spool.size()).as("jobs that are owed").isZero();
                assertThat(spool.sweep(Duration.ZERO))
                        .as("files that upkeep removes when they are old")
                        .isPositive();
                assertThat(RunningVitrine.files(spool.folder())).isEmpty();
                assertThat(api.get("/products/lamp").status()).isEqualTo(404);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "before commit,            kamelets/vitrine-spool-action.kamelet.yaml,   commit",
        "between commit and push,  kamelets/vitrine-enqueue-action.kamelet.yaml, push",
        "before the key is marked, routes/ingest-http.camel.yaml,                ingest-http-remember"
    })
    void makesOneJobOfAnUploadThatIsSentAgainUnderItsKey(String when, String file, String step) {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_WORKERS", "1"))) {
            crash(fleet, file, step, true, "once");
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url()).with("Idempotency-Key", "\"lamp\"");

            assertThat(answerOrNone(api)).as("the client gets no answer").isFalse();

            awaitCrash(fleet);
            fleet.awaitReady();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> api.upload("lamp", Pictures.jpeg(1)).status() == 202);
            assertThat(awaitEnd(api).path("status").asText()).isEqualTo("completed");
            assertThat(api.get("/jobs?product_id=lamp").body().path("jobs").size())
                    .isOne();
        }
    }

    @Test
    void failsAJobThatKillsEachWorkerThatTakesIt() throws IOException {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_WORKERS", "1"))) {
            crash(fleet, "routes/index.camel.yaml", "worker-embed", true, "always");
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());

            answerOrNone(api);

            JsonNode job = awaitEnd(api);
            assertThat(job.path("status").asText()).isEqualTo("failed");
            assertThat(job.path("error").asText()).contains("killed its worker 5 times");
            assertThat(Files.size(fleet.routes().resolveSibling("crashed")))
                    .as("deaths")
                    .isEqualTo(5);
            assertThat(new FolderSpool(fleet.data().resolve("spool"))
                            .picture(job.path("job_id").asText()))
                    .as("the picture, for a retry")
                    .exists();
            assertThat(fleet.get("service").isReady()).isTrue();
        }
    }

    private static boolean answerOrNone(HttpApi api) {
        try {
            api.upload("lamp", Pictures.jpeg(1));
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static void awaitCrash(Fleet fleet) {
        await("crash")
                .atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(fleet.routes().resolveSibling("crashed")));
    }

    private static JsonNode awaitEnd(HttpApi api) {
        return await("end of the job")
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(
                        () -> api.get("/jobs?product_id=lamp")
                                .body()
                                .path("jobs")
                                .path(0),
                        job -> job.path("status").asText().matches("completed|failed"));
    }

    private static void assertIndexedOnce(HttpApi api, Fleet fleet) {
        assertThat(api.get("/products/lamp").body().path("images").size()).isOne();
        await().untilAsserted(() -> assertThat(RunningVitrine.files(fleet.data().resolve("spool")).stream()
                        .filter(name -> name.endsWith(".json")))
                .isEmpty());
    }

    /** Adds the crash before or after the step that has this id, in a file of the installation. */
    private static void crash(Fleet fleet, String file, String id, boolean before, String method) {
        try {
            Path path = fleet.routes().resolveSibling(file);
            String yaml = Files.readString(path);
            Matcher found = Pattern.compile("\n( +)- \\w+:\n +id: " + id + "\n").matcher(yaml);
            assertThat(found.find()).as("step " + id).isTrue();
            String indent = found.group(1);
            int start = found.start() + 1;
            Matcher next =
                    Pattern.compile("\n {0," + indent.length() + "}[-\\w]|\\z").matcher(yaml);
            assertThat(next.find(found.end() - 1)).isTrue();
            int where = before ? start : Math.min(next.start() + 1, yaml.length());
            String step = STEP.formatted(method).indent(indent.length());
            Files.writeString(path, yaml.substring(0, where) + step + yaml.substring(where));
            Files.writeString(fleet.routes().resolve("crash-point.camel.yaml"), BEANS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
