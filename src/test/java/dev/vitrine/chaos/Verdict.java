package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What has become of a shop's uploads once all is done.
 *
 * @param completed accepted jobs that read so
 * @param duplicates runs beyond one of these jobs
 * @param lost accepted uploads that are not completed, and what they are
 * @param wrong products that are not there once with their latest upload, and what they are
 */
public record Verdict(int completed, int duplicates, List<String> lost, List<String> wrong) {

    /**
     * Waits until no job waits, runs or is put off, and the spool owes nothing.
     *
     * @param owed what the spool owes
     * @return how long that took, ms
     */
    public static long awaitIdle(HttpApi api, Supplier<? extends Collection<?>> owed, Duration limit, long seed) {
        long start = System.nanoTime();
        await("the queue is empty; seed " + seed)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    JsonNode jobs = api.get("/stats").body().path("jobs");
                    assertThat(jobs.path("queued").asInt(-1)).as("queued").isZero();
                    assertThat(jobs.path("processing").asInt(-1))
                            .as("processing")
                            .isZero();
                    assertThat(jobs.path("retrying").asInt(-1)).as("retrying").isZero();
                    assertThat(owed.get()).as("owed by the spool").isEmpty();
                });
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** Asks for every job and every product. */
    public static Verdict of(Shop shop, HttpApi api) {
        int completed = 0;
        int duplicates = 0;
        List<String> lost = new ArrayList<>();
        for (Upload upload : shop.all()) {
            if (upload.outcome() == Outcome.ACCEPTED) {
                JsonNode job = api.get("/jobs/" + upload.jobId()).body();
                if (job.path("status").asText().equals("completed")) {
                    completed++;
                    duplicates += job.path("attempts").asInt() - 1;
                } else {
                    lost.add(upload + " is " + job);
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        for (String product : shop.productIds()) {
            Answer found = api.get("/products/" + product);
            Set<String> possible = shop.possibleNames(product);
            JsonNode images = found.body().path("images");
            if (!possible.isEmpty()
                    && (images.size() != 1
                            || !possible.contains(images.path(0).path("name").asText()))) {
                wrong.add(product + " should be one of " + possible + " but is "
                        + found.response().body());
            }
        }
        return new Verdict(completed, duplicates, lost, wrong);
    }

    /** Fails where an upload is lost or a product is not as it was sent last. */
    public void assertKept(long seed) {
        assertThat(lost).as("accepted but not completed; seed " + seed).isEmpty();
        assertThat(wrong)
                .as("products without their latest upload; seed " + seed)
                .isEmpty();
    }
}
