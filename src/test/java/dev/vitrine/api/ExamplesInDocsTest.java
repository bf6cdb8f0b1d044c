package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.testing.WebhookReceiver;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say to paste works, pasted at once. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ExamplesInDocsTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        Map<String, String> environment = Map.of(
                "VITRINE_CALLBACK_HOSTS", "hooks.example.com", "VITRINE_CALLBACK_SECRETS", WebhookReceiver.SECRET);
        service = RunningVitrine.start(data, environment);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theReadmesBlockOfCurlFindsWhatItSent() throws Exception {
        List<String> blocks = blocks("README.md").stream()
                .filter(block -> block.startsWith("url="))
                .toList();
        assertThat(blocks).hasSize(1);

        assertFound(run(service, blocks.get(0)));
    }

    /** One after the other, as somebody pastes them who reads the page from its top to its end. */
    @Test
    void everyExampleOfTheApiRunsAsItStands() throws Exception {
        List<String> blocks = blocks("docs/api.md").stream()
                .filter(block -> !block.contains("$KEY"))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(2);

        List<String> answers = run(service, String.join("\n", blocks));

        assertFound(answers);
        assertThat(answers)
                .as("an answer that is a problem; an example of one is no sh block")
                .noneMatch(ExamplesInDocsTest::isProblem);
    }

    @Test
    void theExamplesWithAKeyAreLetInByAServiceThatHasIt(@TempDir Path keyed) throws Exception {
        List<String> blocks = blocks("docs/api.md").stream()
                .filter(block -> block.contains("$KEY"))
                .toList();
        assertThat(blocks).isNotEmpty();
        Map<String, String> environment = Map.of("VITRINE_API_KEY", KEY, "VITRINE_REDIS_URL", "none");
        try (RunningVitrine other = RunningVitrine.start(keyed, environment)) {
            assertThat(run(other, String.join("\n", blocks))).isNotEmpty().noneMatch(ExamplesInDocsTest::isProblem);
        }
    }

    private static boolean isProblem(String line) {
        return line.contains("\"type\":\"about:blank\"");
    }

    private static List<String> blocks(String file) throws IOException {
        return BLOCK.matcher(Files.readString(RunningVitrine.HOME.resolve(file)))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static void assertFound(List<String> answers) {
        assertThat(answers)
                .as("one answer a line")
                .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
                .anyMatch(line -> line.contains("\"status\":\"completed\""))
                .filteredOn(line -> line.contains("\"results\""))
                .hasSizeGreaterThan(1)
                // What an example's filter names need not be there.
                .allMatch(line -> line.contains("mug-1") || line.contains("\"results\":[]"))
                .filteredOn(line -> line.contains("mug-1"))
                .hasSizeGreaterThan(1);
    }

    /** The lines that a script prints, run in the project's folder against the service of this test. */
    private static List<String> run(RunningVitrine service, String script) throws IOException, InterruptedException {
        String url = service.settings().http().url();
        Path file = Files.writeString(data.resolve("pasted.sh"), script.replace("http://127.0.0.1:8080", url));
        Path output = data.resolve("pasted.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-eu", file.toString())
                .directory(RunningVitrine.HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // For commands of ./vitrine, which ask the service that these say.
        builder.environment()
                .put("VITRINE_HTTP_PORT", Integer.toString(URI.create(url).getPort()));
        builder.environment().put("KEY", KEY);
        builder.environment().put("VITRINE_DATA_DIR", data.toString());
        Process bash = builder.start();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(bash.exitValue()).as(text).isZero();
        return text.lines().toList();
    }
}
