package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code accept.camel.yaml} where no queue can be reached; {@link IngestHttpRouteTest} has the usual way. */
class AcceptRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline().with("VITRINE_REDIS_URL", "none");

    @Test
    void withoutAQueueThePictureIsIndexedWhileItsSenderWaits() {
        Answer answer = pipeline.api().upload("lamp", Pictures.jpeg(1));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("indexed");
        assertThat(pipeline.api().get("/products/lamp").status()).isEqualTo(200);
    }

    @Test
    void nobodyWaitsOverHttpForAnIndexThatIsAwayAndNothingIsKept() {
        int begun = pipeline.begun("index-upsert");
        pipeline.fail("index-upsert", () -> new IndexUnavailableException("The index is away.", null));

        Answer answer = pipeline.api().upload("vase", Pictures.jpeg(2));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        assertThat(pipeline.begun("index-upsert") - begun).as("tries").isOne();
        Awaitility.await().untilAsserted(() -> assertThat(pipeline.keptFiles()).isEmpty());
    }
}
