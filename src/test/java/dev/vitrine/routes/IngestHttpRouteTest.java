package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ingest-http.camel.yaml}: uploads over HTTP. */
class IngestHttpRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void anUploadIsAnsweredWithItsJob() {
        Answer answer = pipeline.api().upload("lamp", Pictures.jpeg(1));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("status")).isEqualTo("queued");
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + answer.text("job_id"));
        pipeline.await(answer.text("job_id"), "completed");
    }

    @Test
    void everyFieldIsKept() {
        Answer answer = pipeline.api()
                .upload(
                        Map.of(
                                "product_id",
                                "mug",
                                "name",
                                "Mug",
                                "image_id",
                                "back",
                                "metadata",
                                "{\"colour\":\"red\"}"),
                        Pictures.jpeg(2));
        pipeline.await(answer.text("job_id"), "completed");

        assertThat(pipeline.api().get("/products/mug").response().body()).contains("Mug", "back", "colour", "red");
    }

    @Test
    void aFieldAtFaultIsNamed() {
        Answer answer =
                pipeline.api().offContract().upload(Map.of("product_id", " a", "name", "Mug"), Pictures.jpeg(3));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").path(0).path("field").asText()).isEqualTo("product_id");
    }
}
