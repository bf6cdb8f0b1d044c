package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say to paste works, pasted at once. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ExamplesInDocsTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(url=.*?)```", Pattern.DOTALL);

    @TempDir
    static Path data;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(data, Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/api.md"})
    void theBlockOfCurlFindsWhatItSent(String file) throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(RunningVitrine.HOME.resolve(file)));
        assertThat(block.find()).isTrue();
        String script = block.group(1)
                .replaceFirst("url=.*", "url=" + service.settings().http().url());

        String output = run(script);

        assertThat(output.lines().toList())
                .as("one answer a line")
                .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
                .anyMatch(line -> line.contains("\"status\":\"completed\""))
                .filteredOn(line -> line.contains("\"results\""))
                .hasSize(2)
                .allMatch(line -> line.contains("mug-1"));
    }

    private static String run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(data.resolve("pasted.sh"), script);
        Path output = data.resolve("pasted.txt");
        Process bash = new ProcessBuilder("bash", "-eu", file.toString())
                .directory(RunningVitrine.HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(bash.exitValue()).as(text).isZero();
        return text;
    }
}
