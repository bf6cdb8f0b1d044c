package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pipeline;
import dev.vitrine.testing.RunningVitrine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code reindex.camel.yaml}: another model, as an operator asks for it over HTTP. */
class ReindexRouteTest {
    /** The copy that the pipeline runs on has no models. */
    private static final String MINI =
            URLEncoder.encode(RunningVitrine.HOME.resolve("models/vitrine-mini").toString(), StandardCharsets.UTF_8);

    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    static {
        pipeline.with("VITRINE_ARCHIVE", pipeline.folder().resolve("archive").toString());
    }

    @Test
    void anotherModelIsIntroducedGoneBackFromAndDropped() {
        pipeline.await(pipeline.upload("lamp"), "completed");
        assertThat(pipeline.api().get("/reindex").body().path("phase").isNull()).isTrue();

        Answer started = pipeline.api().post("/reindex?model=" + MINI);
        assertThat(started.status()).isEqualTo(200);
        assertThat(started.body().at("/other/model").asText()).isEqualTo("vitrine-mini");
        awaitKept("vitrine-mini");

        assertThat(pipeline.api().post("/reindex?model=" + MINI).status()).isEqualTo(409);
        assertThat(pipeline.api().post("/reindex/rollback?allow_missing=true").status())
                .isEqualTo(200);
        awaitKept("tiny-clip");

        Answer dropped = pipeline.api().delete("/reindex");
        assertThat(dropped.status()).isEqualTo(200);
        assertThat(dropped.body().path("other").isNull()).isTrue();
        Answer unclear = pipeline.api().offContract().post("/reindex?model=" + MINI + "&allow_missing=maybe");
        assertThat(unclear.status()).isEqualTo(400);
    }

    private static void awaitKept(String serving) {
        Awaitility.await("kept").atMost(Duration.ofSeconds(30)).until(() -> {
            Answer status = pipeline.api().get("/reindex");
            return status.text("phase").equals("kept")
                    && status.body().at("/serving/model").asText().equals(serving);
        });
    }
}
