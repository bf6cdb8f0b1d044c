package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    private static Path folder;

    private static RunningVitrine service;

    @BeforeAll
    static void start() {
        service = RunningVitrine.start(folder.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode json(CommandRun run) throws IOException {
        return new ObjectMapper().readTree(run.out());
    }

    private static CommandRun ask(String... args) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--url";
        all[args.length + 1] = service.settings().http().url();
        return CommandRun.of(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "start", "status", "search", "job", "jobs", "retry", "check", "doctor", "bench", "model",
                "index", "export"
            })
    void everyCommandExplainsItself(String command) {
        CommandRun run = CommandRun.of(command, "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: vitrine " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dmeo",
                "search",
                "search --text a --image b",
                "job",
                "jobs --limit many",
                "retry",
                "retry x --all"
            })
    void wrongUsageExitsWith2AndOneLine(String line) {
        CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().strip().lines()).hasSize(1);
        assertThat(run.err()).startsWith("vitrine: ");
    }

    @Test
    void saysWhereNoServiceRuns() {
        CommandRun run = CommandRun.of("status", "--url", "http://127.0.0.1:" + RunningVitrine.freePort());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("No service answers at").contains("./vitrine start");
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void showsStatusJobsAndSearches() throws IOException {
        String job = service.api().upload("cli-1", Pictures.jpeg(1)).text("job_id");
        service.awaitStatus(job, "completed");

        CommandRun status = ask("status");
        assertThat(status.code()).as(status.out() + status.err()).isZero();
        assertThat(status.out()).contains("UP", "tiny-clip", "completed", "waiting");

        assertThat(ask("job", job).out()).contains("completed", "cli-1");
        assertThat(ask("job", "unknown").code()).isEqualTo(1);
        assertThat(ask("jobs").out()).contains(job, "completed", "cli-1");
        assertThat(ask("jobs", "--status", "failed").out()).contains("No jobs.");
        assertThat(ask("jobs", "--status", "nonsense").code()).isEqualTo(1);
        assertThat(ask("retry", job).err()).contains("only a failed job can be retried");
        assertThat(ask("retry", "--all").out()).contains("0 failed jobs are queued again");

        Path picture = Files.write(folder.resolve("query.jpg"), Pictures.jpeg(1));
        assertThat(ask("search", "--image", picture.toString()).out()).contains("cli-1", "1.0000");
        assertThat(ask("search", "--text", "a red mug").out()).contains("cli-1");
        assertThat(ask("search", "--image", "nowhere.jpg").err()).contains("cannot be read");
        assertThat(ask("search", "a", "red", "mug").out()).contains("cli-1");
        assertThat(ask("search").code()).isEqualTo(2);
        assertThat(ask("search", "mug", "--image", picture.toString()).code()).isEqualTo(2);
        assertThat(json(ask("search", "mug", "--json"))
                        .path("results")
                        .path(0)
                        .path("product_id")
                        .asText())
                .isEqualTo("cli-1");
        assertThat(json(ask("jobs", "--json")).path("jobs")).isNotEmpty();
        assertThat(json(ask("job", job, "--json")).path("status").asText()).isEqualTo("completed");
        assertThat(json(ask("status", "--json"))
                        .path("stats")
                        .path("jobs")
                        .path("completed")
                        .asInt())
                .isPositive();
        assertThat(json(CommandRun.of("model", "list", "--json"))).isNotEmpty();
        assertThat(json(CommandRun.of("component", "list", "--json")).isArray()).isTrue();
        String url = service.settings().http().url();
        assertThat(CommandRun.of("jobs", "--url", url.substring("http://".length()))
                        .out())
                .contains(job);
    }

    @Test
    void examinesTheInstallation() throws IOException {
        Path bundle = folder.resolve("bundle.zip");
        CommandRun table = CommandRun.of("doctor", "--bundle", bundle.toString());
        assertThat(table.out()).contains("CHECK", "data folder", "redis", "routes");
        assertThat(table.err()).contains("bundle.zip");
        assertThat(bundle).isNotEmptyFile();

        CommandRun json = CommandRun.of("doctor", "--json");
        assertThat(json(json).findValuesAsText("verdict")).contains("GOOD");
        assertThat(json.code()).isEqualTo(json.out().contains("\"FAULT\"") ? 1 : 0);

        CommandRun unwritable = CommandRun.of(
                "doctor", "--bundle", folder.resolve("nowhere/bundle.zip").toString());
        assertThat(unwritable.code()).isEqualTo(1);
        assertThat(unwritable.err()).contains("cannot be written");
    }

    @Test
    void checksTheRoutes() {
        CommandRun run = CommandRun.of("check");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("route files are good");
    }
}
