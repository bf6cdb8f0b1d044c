package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.CommandRun;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operations.md says of backups: an export, and a copy of the data folder, bring back what was there. */
class BackupTest {
    private static final List<String> PRODUCTS = List.of("mug", "lamp", "a/b ü");

    @TempDir
    private Path folder;

    @Test
    void anExportAndACopyOfTheDataFolderAnswerSearchesAsBefore() throws Exception {
        Path export = folder.resolve("backup.jsonl");
        List<String> before;
        try (RunningVitrine service = RunningVitrine.start(folder.resolve("data"), Map.of())) {
            for (String id : PRODUCTS) {
                Answer answer = service.api()
                        .upload(
                                Map.of("product_id", id, "name", id, "metadata", "{\"n\":1.5}"),
                                Pictures.jpeg(id.hashCode()));
                service.awaitStatus(answer.text("job_id"), "completed");
            }
            before = answers(service);
            assertThat(command(service, "export", export.toString()).code()).isZero();
        }
        copy(folder.resolve("data"), folder.resolve("restored"));
        try (RunningVitrine restored = RunningVitrine.start(folder.resolve("restored"), Map.of())) {
            assertThat(answers(restored)).isEqualTo(before);
        }

        try (RunningVitrine empty = RunningVitrine.start(folder.resolve("empty"), Map.of())) {
            CommandRun imported = command(empty, "import", export.toString());
            assertThat(imported.code()).as(imported.err()).isZero();
            assertThat(imported.out()).contains("3 pictures");
            assertThat(answers(empty)).isEqualTo(before);
            assertThat(command(empty, "import", export.toString()).code()).isZero();
            assertThat(empty.api().get("/stats").body().at("/index/points").asInt())
                    .isEqualTo(3);

            Path cut = folder.resolve("cut.jsonl");
            Files.write(cut, Files.readAllLines(export).subList(0, 3));
            assertThat(command(empty, "import", cut.toString()).err()).contains("cut off");
        }
    }

    private static CommandRun command(RunningVitrine service, String... arguments) {
        return CommandRun.of(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--url", service.settings().http().url()))
                .toArray(String[]::new));
    }

    /** What searches answer, without the time that they took. */
    private static List<String> answers(RunningVitrine service) {
        return PRODUCTS.stream()
                .map(id -> service.api()
                        .searchByPicture(Pictures.jpeg(id.hashCode()))
                        .body())
                .map(answer -> answer.path("model").asText() + rounded(answer.path("results")))
                .toList();
    }

    private static String rounded(JsonNode results) {
        StringBuilder text = new StringBuilder();
        results.forEach(result -> text.append("%s %s %s %s %.5f; "
                .formatted(
                        result.path("product_id").asText(),
                        result.path("image_id").asText(),
                        result.path("name").asText(),
                        result.path("metadata"),
                        result.path("score").asDouble())));
        return text.toString();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
