package dev.vitrine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.PictureServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/integration.md walks through, done with the very text of the page while the service runs. */
class IntegrationWalkthroughTest {
    /** A piece of the page whose first line names its file. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:yaml|diff)\\n# ([^\\n]+)\\n(.*?)^```$");

    @TempDir
    private Path home;

    private RunningVitrine service;

    @BeforeEach
    void start() throws IOException {
        service = RunningVitrine.startOnCopy(home, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static String section(String title) throws IOException {
        String page = Files.readString(RunningVitrine.HOME.resolve("docs/integration.md"));
        int from = page.indexOf("\n### " + title + "\n");
        assertThat(from).as(title).isNotNegative();
        return page.substring(from, page.indexOf("\n##", from + 1));
    }

    /** Does what a section of the page says: writes its files, and changes the lines that it changes. */
    private void follow(String title) throws IOException {
        Matcher block = BLOCK.matcher(section(title));
        int blocks = 0;
        while (block.find()) {
            blocks++;
            Path file = home.resolve(block.group(1));
            if (block.group().startsWith("```diff")) {
                change(file, block.group(2));
            } else {
                Files.writeString(file, block.group(2));
            }
        }
        assertThat(blocks).as("blocks of " + title).isPositive();
    }

    private static void change(Path file, String lines) throws IOException {
        StringBuilder old = new StringBuilder();
        StringBuilder fresh = new StringBuilder();
        lines.lines().forEach(line -> {
            if (!line.startsWith("+")) {
                old.append(line.substring(1)).append('\n');
            }
            if (!line.startsWith("-")) {
                fresh.append(line.substring(1)).append('\n');
            }
        });
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, fresh));
    }

    @Test
    void addsASource() throws Throwable {
        service.reload(() -> follow("Add a source"));

        Path studio = home.resolve("data/studio");
        await("the route to look into its folder").until(() -> Files.isDirectory(studio));
        Files.write(studio.resolve("vase-7.jpg"), Pictures.jpeg(1));
        Files.writeString(studio.resolve("vase-8.jpg"), "not a picture");

        await("the picture").until(() -> service.api().get("/products/vase-7").status() == 200);
        await("files moved").untilAsserted(() -> {
            assertThat(RunningVitrine.names(studio.resolve("done"))).containsExactly("vase-7.jpg");
            assertThat(RunningVitrine.names(studio.resolve("refused"))).containsExactly("vase-8.jpg");
        });
    }

    @Test
    void changesTheRetryPolicy() throws Throwable {
        String step = "                  - to:\n                      id: worker-embed\n";
        String broken =
                """
                                  - throwException:
                                      exceptionType: java.lang.IllegalStateException
                                      message: the site's own step is broken
                """;
        service.reload(() -> service.edit("routes/index.camel.yaml", step, broken + step));
        service.reload(() -> follow("Change the retry policy"));

        String job = service.api().upload("broken", Pictures.jpeg(2)).text("job_id");
        service.awaitStatus(job, "failed");
        JsonNode state = service.api().get("/jobs/" + job).body();
        assertThat(state.path("attempts").asInt()).isEqualTo(3);
        assertThat(state.path("error").toString()).contains("the site's own step is broken");
    }

    @Test
    void tellsAChatOfFailures() throws Exception {
        String section = section("Tell a chat or a mailbox of failures");
        Matcher copy = Pattern.compile("(?m)^cp (\\S+) (\\S+)$").matcher(section);
        assertThat(copy.find()).isTrue();
        Path example = RunningVitrine.HOME.resolve(copy.group(1));
        Matcher property =
                Pattern.compile("(?m)^# (config/\\S+)\n(\\S+) = https://\\S+$").matcher(section);
        assertThat(property.find()).isTrue();

        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        try (PictureServer chat = new PictureServer()) {
            String hook = chat.put("/hook", request -> {
                messages.add(new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                request.sendResponseHeaders(200, -1);
            });
            service.close();
            Files.copy(example, home.resolve(copy.group(2)).resolve(example.getFileName()));
            Path configuration = home.resolve(property.group(1));
            Files.createDirectories(configuration.getParent());
            Files.writeString(configuration, property.group(2) + " = " + hook + "\n");
            service = RunningVitrine.start(home, home.resolve("data"), Map.of());

            String job =
                    service.api().upload("torn", Pictures.brokenPng(100, 100)).text("job_id");

            assertThat(messages.poll(30, TimeUnit.SECONDS)).contains("torn", job);
        }
    }
}
