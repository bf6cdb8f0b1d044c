package dev.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private record Run(int code, String out, String err) {}

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

    private static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(args);
        return new Run(code, out.toString(), err.toString());
    }

    private static JsonNode json(Run run) throws IOException {
        return new ObjectMapper().readTree(run.out());
    }

    private static Run ask(String... args) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--url";
        all[args.length + 1] = service.settings().http().url();
        return run(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo", "start", "status", "search", "job", "jobs", "retry", "check", "doctor", "bench", "model",
                "index", "export"
            })
    void everyCommandExplainsItself(String command) {
        Run run = run(command, "--help");
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
        Run run = run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().strip().lines()).hasSize(1);
        assertThat(run.err()).startsWith("vitrine: ");
    }

    @Test
    void saysWhereNoServiceRuns() {
        Run run = run("status", "--url", "http://127.0.0.1:" + RunningVitrine.freePort());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("No service answers at").contains("./vitrine start");
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void showsStatusJobsAndSearches() throws IOException {
        String job = service.api().upload("cli-1", Pictures.jpeg(1)).text("job_id");
        service.awaitStatus(job, "completed");

        Run status = ask("status");
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
        assertThat(json(run("model", "list", "--json"))).isNotEmpty();
        assertThat(json(run("component", "list", "--json")).isArray()).isTrue();
        String url = service.settings().http().url();
        assertThat(run("jobs", "--url", url.substring("http://".length())).out())
                .contains(job);
    }

    @Test
    void examinesTheInstallation() throws IOException {
        Path bundle = folder.resolve("bundle.zip");
        Run table = run("doctor", "--bundle", bundle.toString());
        assertThat(table.out()).contains("CHECK", "data folder", "redis", "routes");
        assertThat(table.err()).contains("bundle.zip");
        assertThat(bundle).isNotEmptyFile();

        Run json = run("doctor", "--json");
        assertThat(json(json).findValuesAsText("verdict")).contains("GOOD");
        assertThat(json.code()).isEqualTo(json.out().contains("\"FAULT\"") ? 1 : 0);

        Run unwritable =
                run("doctor", "--bundle", folder.resolve("nowhere/bundle.zip").toString());
        assertThat(unwritable.code()).isEqualTo(1);
        assertThat(unwritable.err()).contains("cannot be written");
    }

    @Test
    void checksTheRoutes() {
        Run run = run("check");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("route files are good");
    }
}
