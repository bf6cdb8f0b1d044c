package dev.vitrine.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.cli.CommandRun;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new model, seen from outside: built, switched to, gone back from, dropped. */
class ReindexTest {
    private static final String MINI = "vitrine-mini";

    @TempDir
    private Path folder;

    private RunningVitrine service;

    @BeforeEach
    void start() {
        open(Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString()));
    }

    private void open(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("VITRINE_THUMBNAILS", "off");
        service = RunningVitrine.start(folder.resolve("data"), environment);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aNewModelServesWithAllAndTheOldOneComesBackWithAll() {
        upload("a", "b", "c");
        service.api().delete("/products/c");
        assertThat(model(search("a"))).isEqualTo("tiny-clip");

        CommandRun built = reindex("--model", MINI);
        assertThat(built.code()).as(built.err() + built.out()).isZero();
        assertThat(model(search("a"))).isEqualTo(MINI);
        assertThat(first(search("a"))).isEqualTo("a");
        assertThat(service.api().get("/products/c").status()).isEqualTo(404);
        assertThat(service.api().get("/products/a").body().at("/images/0/model").asText())
                .isEqualTo(MINI);
        assertThat(service.api().get("/stats").body().at("/model/name").asText())
                .isEqualTo(MINI);

        awaitPhase("kept");
        upload("d");
        service.api().delete("/products/b");
        CommandRun back = reindex("--rollback");
        assertThat(back.code()).as(back.err() + back.out()).isZero();
        assertThat(model(search("d"))).isEqualTo("tiny-clip");
        assertThat(first(search("d"))).isEqualTo("d");
        assertThat(products()).containsExactlyInAnyOrder("a", "d");

        awaitPhase("kept");
        assertThat(reindex("--rollback").code()).isZero();
        awaitPhase("kept");
        assertThat(reindex("--drop").code()).isZero();
        assertThat(reindex("--rollback").code()).isEqualTo(1);
        service.close();
        assertThat(folder.resolve("data/index")).isNotEmptyDirectory();

        open(Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString()));
        assertThat(model(search("a"))).isEqualTo(MINI);
        assertThat(products()).containsExactlyInAnyOrder("a", "d");
        assertThat(folder.resolve("data/index")).doesNotExist();
        upload("e");
        assertThat(first(search("e"))).isEqualTo("e");
    }

    @Test
    void whatCannotBeIsSaidAndPicturesThatNobodyKeptKeepTheModelFromServing() {
        assertThat(reindex("--model", "no-such-model").err()).contains("no-such-model");
        assertThat(reindex("--model", RunningVitrine.TINY_MODEL.toString()).err())
                .contains("serve already");
        assertThat(reindex("--drop").code()).isEqualTo(1);
        assertThat(reindex("--model", MINI, "--from", "elsewhere").err()).contains("neither archive nor manifest");
        service.close();
        open(Map.of());
        upload("lost");
        assertThat(reindex("--model", MINI).err()).contains("VITRINE_ARCHIVE");
        service.close();

        open(Map.of("VITRINE_ARCHIVE", folder.resolve("archive").toString()));
        upload("kept");
        CommandRun missing = reindex("--model", MINI);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out()).contains("product lost, picture main: is not in the archive");
        assertThat(missing.err()).contains("send them again");
        assertThat(model(search("kept"))).isEqualTo("tiny-clip");

        CommandRun allowed = reindex("--model", MINI, "--allow-missing");
        assertThat(allowed.code()).as(allowed.err()).isZero();
        assertThat(products()).containsExactly("kept");
        service.close();

        open(Map.of("VITRINE_REDIS_URL", "none"));
        upload("at-once");
        awaitPhase("kept");
        assertThat(reindex("--rollback", "--allow-missing").code()).isZero();
        String job = upload("at-once");
        assertThat(service.api().get("/jobs/" + job).text("model")).isEqualTo("tiny-clip");
    }

    private CommandRun reindex(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("reindex"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", service.settings().http().url()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private void awaitPhase(String phase) {
        Awaitility.await("phase " + phase)
                .atMost(Duration.ofSeconds(30))
                .until(() -> service.api().get("/reindex").text("phase").equals(phase));
    }

    /** Returns the last job's id. */
    private String upload(String... productIds) {
        String job = "";
        for (String id : productIds) {
            Answer answer = service.api().upload(id, Pictures.jpeg(id.hashCode()));
            job = answer.text("job_id");
            service.awaitStatus(job, "completed");
        }
        return job;
    }

    private JsonNode search(String productId) {
        return service.api()
                .searchByPicture(Pictures.jpeg(productId.hashCode()))
                .body();
    }

    private List<String> products() {
        return service.api().get("/products").body().path("products").findValuesAsText("product_id");
    }

    private static String model(JsonNode answer) {
        return answer.path("model").asText();
    }

    private static String first(JsonNode answer) {
        return answer.at("/results/0/product_id").asText();
    }
}
