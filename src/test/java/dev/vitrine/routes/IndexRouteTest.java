package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.indexing.LostPictureException;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pipeline;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code index.camel.yaml}: the worker, and its building blocks. */
class IndexRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline().countKamelets();

    @Test
    void aJobIsIndexedReportedAndCleanedUp() {
        Answer job = pipeline.await(pipeline.upload("lamp"), "completed");

        assertThat(job.body().path("attempts").asInt()).isOne();
        assertThat(job.text("model")).isEqualTo("tiny-clip");
        assertThat(pipeline.api().get("/products/lamp").status()).isEqualTo(200);
        Awaitility.await().untilAsserted(() -> assertThat(pipeline.keptFiles()).isEmpty());
    }

    @Test
    void aJobThatTheModelRefusesIsADeadLetter() {
        pipeline.fail("embed", () -> new LostPictureException("gone"));
        assertThat(pipeline.await(pipeline.upload("vase"), "failed").text("error"))
                .isEqualTo("gone");
    }

    @Test
    void aJobIsPutOffAndDoneLater() {
        AtomicBoolean failed = new AtomicBoolean();
        pipeline.fail("decode", () -> failed.getAndSet(true) ? null : new IllegalStateException("the disk hiccuped"));
        assertThat(pipeline.await(pipeline.upload("chair"), "completed")
                        .body()
                        .path("attempts")
                        .asInt())
                .isEqualTo(2);
    }
}
