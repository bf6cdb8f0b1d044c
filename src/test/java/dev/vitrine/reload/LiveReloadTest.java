package dev.vitrine.reload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route files change while pictures are uploaded; none of the uploads is lost, and none meets an error. */
class LiveReloadTest {
    private static final byte[] PICTURE = Pictures.encode("jpg", 1, 64, 48);

    @TempDir
    private static Path home;

    private static RunningVitrine vitrine;
    private static Map<Path, String> original;

    @BeforeAll
    static void start() throws Exception {
        vitrine = RunningVitrine.startOnCopy(home, Map.of());
        original = files();
    }

    @AfterAll
    static void stop() {
        vitrine.close();
    }

    @AfterEach
    void putBack() throws Throwable {
        if (files().equals(original)) {
            return;
        }
        if (stats().path("status").asText().equals("current")) {
            vitrine.reload(LiveReloadTest::restore);
        } else {
            restore();
            awaitStatus("current");
        }
    }

    private static void restore() throws Exception {
        for (Path file : files().keySet()) {
            if (!original.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, String> file : original.entrySet()) {
            if (!Files.exists(file.getKey()) || !Files.readString(file.getKey()).equals(file.getValue())) {
                Files.writeString(file.getKey(), file.getValue());
            }
        }
    }

    private static Map<Path, String> files() throws Exception {
        Map<Path, String> files = new TreeMap<>();
        for (RunningFile file : RunningFile.in(home.resolve("routes"))) {
            files.put(file.path(), file.text());
        }
        return files;
    }

    private record RunningFile(Path path, String text) {
        static List<RunningFile> in(Path folder) throws Exception {
            List<RunningFile> files = new ArrayList<>();
            for (String name : RunningVitrine.names(folder)) {
                files.add(new RunningFile(folder.resolve(name), Files.readString(folder.resolve(name))));
            }
            return files;
        }
    }

    private static JsonNode stats() {
        return vitrine.api().get("/stats").body().path("routes");
    }

    private static Path routes(String name) {
        return home.resolve("routes").resolve(name);
    }

    /** Uploads from four clients until closed; then every accepted job must complete at its first attempt. */
    private static final class Load implements AutoCloseable {
        private final List<Thread> clients = new ArrayList<>();
        private final ConcurrentLinkedQueue<String> jobs = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> strange = new ConcurrentLinkedQueue<>();
        private final AtomicInteger refused = new AtomicInteger();
        private volatile boolean over;

        Load() {
            for (int client = 0; client < 4; client++) {
                Thread thread = new Thread(this::upload, "client-" + client);
                thread.start();
                clients.add(thread);
            }
            awaitMore(20);
        }

        private void upload() {
            while (!over) {
                try {
                    Answer answer = vitrine.api().ofChangedRoutes().upload("p" + jobs.size(), PICTURE);
                    if (answer.status() == 202) {
                        jobs.add(answer.text("job_id"));
                    } else if (answer.status() == 503
                            && !answer.header("Retry-After").isEmpty()) {
                        refused.incrementAndGet();
                    } else {
                        strange.add(answer.status() + " " + answer.response().body());
                    }
                } catch (RuntimeException e) {
                    strange.add(e.toString());
                }
            }
        }

        /** Waits until so many more uploads were accepted. */
        void awaitMore(int count) {
            int before = jobs.size();
            Awaitility.await("uploads go on").atMost(Duration.ofSeconds(30)).until(() -> jobs.size() >= before + count);
        }

        @Override
        public void close() throws InterruptedException {
            try {
                awaitMore(20);
            } finally {
                over = true;
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(strange).isEmpty();
            Awaitility.await("all jobs end").atMost(Duration.ofSeconds(30)).until(() -> {
                JsonNode counts = vitrine.api().get("/stats").body().path("jobs");
                return counts.path("queued").asInt(1)
                                + counts.path("processing").asInt()
                                + counts.path("retrying").asInt()
                        == 0;
            });
            for (String job : jobs) {
                JsonNode ended = vitrine.api().get("/jobs/" + job).body();
                assertThat(ended.path("status").asText()).isEqualTo("completed");
                assertThat(ended.path("attempts").asInt()).isEqualTo(1);
            }
            assertThat(refused.get()).isLessThan(jobs.size());
        }
    }

    @Test
    void exchangesTheRouteOfUploadsWhileTheyAreGoingOn() throws Throwable {
        try (Load load = new Load()) {
            for (String location : List.of("/jobs/a/", "/jobs/b/", "/jobs/")) {
                vitrine.reload(() -> Files.writeString(
                        routes("ingest-http.camel.yaml"),
                        original.get(routes("ingest-http.camel.yaml"))
                                .replace("/jobs/${variable.jobId}", location + "${variable.jobId}")
                                .replace("Takes a product picture", "Takes at " + location + " a product picture")));
                assertThat(vitrine.api().ofChangedRoutes().upload("x", PICTURE).header("Location"))
                        .matches(location + "[0-9a-f-]{36}");
                load.awaitMore(10);
            }
        }
    }

    @Test
    void keepsABuildingBlockThatRoutesOfOtherFilesUseAsWell() throws Throwable {
        try (Load load = new Load()) {
            for (String file : List.of("ingest-drop", "ingest-http", "sources", "index")) {
                String name = "routes/" + file + ".camel.yaml";
                vitrine.reload(() -> vitrine.edit(name, "    description: ", "    description: Edited. "));
                load.awaitMore(10);
            }
        }
    }

    @Test
    void exchangesABuildingBlockInAllRoutesThatUseIt() throws Throwable {
        String block = "kamelets/vitrine-accept-action.kamelet.yaml";
        try (Load load = new Load()) {
            vitrine.reload(() -> vitrine.edit(block, "id: receive", "id: take-in"));
            load.awaitMore(10);
            vitrine.reload(() -> vitrine.edit(block, "id: take-in", "id: receive"));
            load.awaitMore(10);
        }
    }

    @Test
    void exchangesTheRoutesThatOthersCall() throws Throwable {
        try (Load load = new Load()) {
            vitrine.reload(() ->
                    vitrine.edit("routes/accept.camel.yaml", "Checks an upload, writes", "Looks at an upload, writes"));
            load.awaitMore(10);
            vitrine.reload(() -> vitrine.edit("routes/web.camel.yaml", "id: answer-prepare", "id: answer-make-ready"));
        }
    }

    @Test
    void exchangesTheRouteOfJobsWithoutLosingOneOrCountingAFailure() throws Throwable {
        try (Load load = new Load()) {
            for (int i = 1; i <= 3; i++) {
                String description = "Takes, in edition " + i + ", a job under a lease";
                vitrine.reload(() -> Files.writeString(
                        routes("index.camel.yaml"),
                        original.get(routes("index.camel.yaml")).replace("Takes a job under a lease", description)));
                load.awaitMore(10);
            }
        }
    }

    @Test
    void exchangesAllRoutesThatUseARouteConfiguration() throws Throwable {
        try (Load load = new Load()) {
            vitrine.reload(() -> vitrine.edit(
                    "routes/errors.camel.yaml",
                    "expression: application/problem+json",
                    "expression: application/json"));
            Answer answer = vitrine.api().ofChangedRoutes().get("/jobs/unknown");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void keepsTheRunningRoutesWhenAFileIsBadAndSaysWhatToChange() throws Throwable {
        try (Load load = new Load()) {
            vitrine.edit("routes/ingest-http.camel.yaml", "ref: multipart", "ref: multiprat");
            awaitStatus("refused");
            JsonNode problem = stats().path("problems").path(0);
            assertThat(problem.path("file").asText()).isEqualTo("routes/ingest-http.camel.yaml");
            assertThat(problem.path("line").asInt()).isPositive();
            assertThat(problem.path("message").asText()).contains("did you mean \"multipart\"?");
            Answer health = vitrine.api().get("/observe/health");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.text("status")).isEqualTo("UP");
            assertThat(health.response().body())
                    .contains("ingest-http.camel.yaml:" + problem.path("line").asInt() + ":", "multiprat");
            load.awaitMore(10);

            vitrine.edit("routes/ingest-http.camel.yaml", "ref: multiprat", "ref: multipart");
            awaitStatus("current");
            assertThat(vitrine.api().get("/observe/health").response().body()).doesNotContain("multiprat");
        }
    }

    @Test
    void runsTheOldRoutesAgainWhenTheNewOnesCannotStart() throws Throwable {
        try (Load load = new Load()) {
            vitrine.edit(
                    "routes/index.camel.yaml",
                    "concurrentConsumers: \"{{vitrine.queue.consumers}}\"",
                    "concurrentConsumers: \"0\"");
            awaitStatus("refused");
            assertThat(stats().toString()).contains("concurrentConsumers");
            load.awaitMore(10);
        }
    }

    @Test
    void looksAtNoFileWhenItIsTurnedOff(@TempDir Path other) throws Exception {
        Set<Thread> before = watchers();
        try (RunningVitrine fixed = RunningVitrine.startOnCopy(other, Map.of("VITRINE_RELOAD", "off"))) {
            assertThat(fixed.api()
                            .get("/stats")
                            .body()
                            .path("routes")
                            .path("status")
                            .asText())
                    .isEqualTo("fixed");
            assertThat(before).isNotEmpty();
            assertThat(watchers()).isEqualTo(before);
        }
    }

    private static Set<Thread> watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("vitrine-reload"))
                .collect(Collectors.toSet());
    }

    @Test
    void isDownWhileNeitherTheNewRoutesNorTheOldOnesStart() throws Throwable {
        Path studio = Files.createDirectory(home.resolve("studio"));
        vitrine.reload(() -> Files.writeString(
                routes("studio.camel.yaml"),
                """
                - from:
                    uri: file
                    parameters:
                      directoryName: %s
                      autoCreate: false
                      startingDirectoryMustExist: true
                    steps:
                      - log: before
                """
                        .formatted(studio)));
        try (Load load = new Load()) {
            Files.delete(studio);
            vitrine.edit("routes/studio.camel.yaml", "log: before", "log: after");
            awaitStatus("broken");
            Answer health = vitrine.api().get("/observe/health/ready");
            assertThat(health.status()).isEqualTo(503);
            assertThat(health.response().body()).contains("routes cannot be started", "studio");
            load.awaitMore(10);

            Files.createDirectory(studio);
            awaitStatus("current");
            assertThat(vitrine.api().get("/observe/health/ready").status()).isEqualTo(200);
            Files.writeString(studio.resolve("a.txt"), "a");
            Awaitility.await().until(() -> Files.exists(studio.resolve(".camel/a.txt")));
        }
    }

    private static void awaitStatus(String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> stats().path("status").asText().equals(status));
    }

    @Test
    void removesTheRoutesOfADeletedFileAndFollowsARenamedOne() throws Throwable {
        try (Load load = new Load()) {
            vitrine.reload(() -> Files.move(routes("search.camel.yaml"), routes("find.camel.yaml")));
            assertThat(vitrine.api().searchByPicture(PICTURE).status()).isEqualTo(200);
            vitrine.reload(() -> Files.delete(routes("find.camel.yaml")));
            assertThat(vitrine.api().ofChangedRoutes().searchByPicture(PICTURE).status())
                    .isEqualTo(404);
            vitrine.reload(() -> Files.move(routes("ingest-http.camel.yaml"), routes("upload.camel.yaml")));
        }
    }

    @Test
    void followsAChangedId() throws Throwable {
        try (Load load = new Load()) {
            vitrine.reload(() -> vitrine.edit(
                    "routes/ingest-http.camel.yaml", "    id: ingest-http\n", "    id: uploads-over-http\n"));
            assertThat(vitrine.vitrine().context().getRoute("ingest-http")).isNull();
            assertThat(vitrine.vitrine().context().getRoute("uploads-over-http"))
                    .isNotNull();
        }
    }

    private static final String TEMPLATE =
            """
            - routeTemplate:
                id: greeter
                parameters:
                  - name: whom
                from:
                  uri: platform-http:/greeting
                  steps:
                    - setBody:
                        expression:
                          simple:
                            expression: hello {{whom}}
            """;

    private static final String FROM_TEMPLATE =
            """
            - templatedRoute:
                routeId: greeting
                routeTemplateRef: greeter
                parameters:
                  - name: whom
                    value: world
            """;

    @Test
    void exchangesTheRoutesMadeOfATemplate() throws Throwable {
        try (Load load = new Load()) {
            vitrine.reload(() -> {
                Files.writeString(routes("greeter.camel.yaml"), TEMPLATE);
                Files.writeString(routes("greeting.camel.yaml"), FROM_TEMPLATE);
            });
            assertThat(vitrine.api().offContract().get("/greeting").response().body())
                    .isEqualTo("hello world");
            vitrine.reload(
                    () -> Files.writeString(routes("greeter.camel.yaml"), TEMPLATE.replace("hello", "good morning")));
            assertThat(vitrine.api().offContract().get("/greeting").response().body())
                    .isEqualTo("good morning world");
            vitrine.reload(
                    () -> Files.writeString(routes("greeting.camel.yaml"), FROM_TEMPLATE.replace("world", "moon")));
            assertThat(vitrine.api().offContract().get("/greeting").response().body())
                    .isEqualTo("good morning moon");
        }
    }

    @Test
    void exchangesTheRoutesThatUseABeanOfAFile() throws Throwable {
        String bean =
                """
                - beans:
                    - name: greeting
                      type: java.util.concurrent.atomic.AtomicReference
                      constructors:
                        "0": hello
                """;
        String user =
                """
                - route:
                    id: greeting
                    from:
                      uri: platform-http:/greeting
                      steps:
                        - bean:
                            ref: greeting
                            method: get
                """;
        try (Load load = new Load()) {
            vitrine.reload(() -> {
                Files.writeString(routes("beans.camel.yaml"), bean);
                Files.writeString(routes("greeting.camel.yaml"), user);
            });
            assertThat(vitrine.api().offContract().get("/greeting").response().body())
                    .isEqualTo("hello");
            vitrine.reload(() -> Files.writeString(routes("beans.camel.yaml"), bean.replace("hello", "hi")));
            assertThat(vitrine.api().offContract().get("/greeting").response().body())
                    .isEqualTo("hi");
        }
    }

    @Test
    void doesNotTakeUpAFileThatIsStillBeingWritten() throws Throwable {
        String begin = "- route:\n    id: greeting\n    from:\n      uri: platform-http:/greeting\n      steps:\n";
        Path file = routes("greeting.camel.yaml");
        AtomicInteger written = new AtomicInteger();
        ScheduledExecutorService editor = Executors.newSingleThreadScheduledExecutor();
        try {
            Files.writeString(file, begin);
            editor.scheduleAtFixedRate(
                    () -> append(file, "        - setBody: {constant: part " + written.incrementAndGet() + "}\n"),
                    0,
                    40,
                    TimeUnit.MILLISECONDS);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> written.get() >= 40);
            assertThat(vitrine.api().offContract().get("/greeting").status()).isEqualTo(404);
            assertThat(stats().path("status").asText()).isEqualTo("current");
        } finally {
            editor.shutdown();
            assertThat(editor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> vitrine.api().offContract().get("/greeting").status() == 200);
        assertThat(vitrine.api().offContract().get("/greeting").response().body())
                .isEqualTo("part " + written);

        // As editors do that write beside the file and rename.
        Path beside = Files.writeString(routes("greeting.camel.yaml~"), begin + "        - setBody: {constant: new}\n");
        vitrine.reload(() -> Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING));
        assertThat(vitrine.api().offContract().get("/greeting").response().body())
                .isEqualTo("new");
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, Files.readString(file) + line);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
