package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

    @Test
    void failedJobsThatMatchAreCountedAndSentBack() {
        String lamp = failedJob("matching-lamp");
        String sofa = failedJob("matching-sofa");
        String matching = "/jobs/retry?product_id=matching-lamp&reason=GONE&since=2020-01-01T00:00:00Z";

        assertThat(pipeline.api()
                        .get("/jobs?product_id=matching-lamp&reason=gone")
                        .body()
                        .path("jobs"))
                .hasSize(1);
        assertThat(pipeline.api()
                        .get("/jobs?product_id=matching-lamp&until=2020-01-01T00:00:00Z")
                        .body()
                        .path("jobs"))
                .isEmpty();
        JsonNode counted = pipeline.api().post(matching + "&dry_run=true").body();
        assertThat(counted.path("matching").asInt()).isOne();
        assertThat(counted.path("retried").asInt()).isZero();

        pipeline.fail("worker-embed", () -> null);
        JsonNode sent = pipeline.api().post(matching).body();
        assertThat(sent.path("retried").asInt()).isOne();
        assertThat(sent.path("no_longer_failed").asInt()).isZero();
        pipeline.await(lamp, "completed");
        assertThat(pipeline.api().get("/jobs/" + sofa).text("status")).isEqualTo("failed");
        assertThat(pipeline.api().post(matching).body().path("matching").asInt())
                .isZero();
    }

    private static String failedJob(String product) {
        pipeline.fail("worker-embed", () -> new LostPictureException("gone"));
        String job = pipeline.upload(product);
        pipeline.await(job, "failed");
        return job;
    }
}
