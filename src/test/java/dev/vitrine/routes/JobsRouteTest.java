package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.indexing.LostPictureException;
import dev.vitrine.testing.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code jobs.camel.yaml}: what can be asked and done about jobs. */
class JobsRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    @Test
    void jobsAreListedByStatus() {
        String job = pipeline.upload("lamp");
        pipeline.await(job, "completed");

        assertThat(pipeline.api()
                        .get("/jobs?status=completed&product_id=lamp")
                        .body()
                        .path("jobs")
                        .path(0)
                        .path("job_id")
                        .asText())
                .isEqualTo(job);
    }

    @Test
    void aFailedJobIsSentBackToTheQueue() {
        String one = failedJob("vase");
        String two = failedJob("chair");

        pipeline.fail("worker-embed", () -> null);
        assertThat(pipeline.api().post("/jobs/" + one + "/retry").status()).isEqualTo(202);
        pipeline.await(one, "completed");
        assertThat(pipeline.api().post("/jobs/retry").status()).isEqualTo(202);
        pipeline.await(two, "completed");
    }

    private static String failedJob(String product) {
        pipeline.fail("worker-embed", () -> new LostPictureException("gone"));
        String job = pipeline.upload(product);
        pipeline.await(job, "failed");
        return job;
    }
}
