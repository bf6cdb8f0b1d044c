package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pipeline;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The values of {@code errors.camel.yaml} are the retry policy: each is changed, and the change is seen. */
class RetryPolicyTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void theValuesInTheFileAreThoseInForce() {
        pipeline.edit("errors.camel.yaml", "delay: 1000\n", "delay: 50\n")
                .edit("errors.camel.yaml", "maxAttempts: 300\n", "maxAttempts: 3\n")
                .edit("errors.camel.yaml", "maximumRedeliveries: 21600\n", "maximumRedeliveries: 1\n")
                .edit(
                        "errors.camel.yaml",
                        "            - dev.vitrine.indexing.LostPictureException\n",
                        "            - dev.vitrine.indexing.LostPictureException\n            - java.net.SocketException\n");
        pipeline.restart();

        pipeline.fail("worker-picture", () -> new IllegalStateException("broken"));
        Answer job = pipeline.await(pipeline.upload("limit"), "failed");
        assertThat(job.body().path("attempts").asInt()).as("maxAttempts").isEqualTo(3);

        pipeline.fail("worker-picture", () -> new SocketException("never mended"));
        job = pipeline.await(pipeline.upload("permanent"), "failed");
        assertThat(job.body().path("attempts").asInt())
                .as("a permanent exception")
                .isOne();

        pipeline.fail("worker-picture", () -> null);
        int begun = pipeline.begun("worker-upsert");
        pipeline.fail("worker-upsert", () -> new IndexUnavailableException("away", null));
        job = pipeline.await(pipeline.upload("away"), "failed");
        assertThat(job.body().path("attempts").asInt()).isEqualTo(3);
        assertThat(pipeline.begun("worker-upsert") - begun)
                .as("maximumRedeliveries: each attempt tries the upsert twice")
                .isEqualTo(6);
    }
}
