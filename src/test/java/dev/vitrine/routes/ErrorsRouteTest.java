package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code errors.camel.yaml}: what becomes of a job, a request and a dropped file when a step fails. */
class ErrorsRouteTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    private static Supplier<Exception> times(int count, Supplier<Exception> failure) {
        AtomicInteger left = new AtomicInteger(count);
        return () -> left.getAndDecrement() > 0 ? failure.get() : null;
    }

    private static Exception indexAway() {
        return new IndexUnavailableException("The index is away.", null);
    }

    @Test
    void aPictureAtFaultIsGivenUpAtOnceWithTheReason() {
        pipeline.fail(
                "worker-embed",
                () -> new UnusablePictureException(UnusablePictureException.Reason.DAMAGED, "It is cut off."));

        Answer job = pipeline.await(pipeline.upload("damaged"), "failed");

        assertThat(job.text("error")).isEqualTo("It is cut off.");
        assertThat(job.body().path("attempts").asInt()).isOne();
    }

    @Test
    void anythingElseIsTriedAgainLater() {
        pipeline.fail("worker-picture", times(1, () -> new IllegalStateException("the disk hiccuped")));

        Answer job = pipeline.await(pipeline.upload("hiccup"), "completed");

        assertThat(job.body().path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void theVectorIsHeldWhileTheIndexIsAway() {
        int embedded = pipeline.begun("worker-embed");
        pipeline.fail("worker-upsert", times(3, ErrorsRouteTest::indexAway));

        Answer job = pipeline.await(pipeline.upload("held"), "completed");

        assertThat(job.body().path("attempts").asInt()).isOne();
        assertThat(pipeline.begun("worker-embed")).isEqualTo(embedded + 1);
    }

    @Test
    void aStopWhileTheIndexIsAwayHandsTheJobBackAtOnce() {
        pipeline.fail("worker-upsert", ErrorsRouteTest::indexAway);
        String job = pipeline.upload("handed-back");
        int begun = pipeline.begun("worker-upsert");
        Awaitility.await().until(() -> pipeline.begun("worker-upsert") > begun + 1);

        long told = System.nanoTime();
        pipeline.restart();

        assertThat((System.nanoTime() - told) / 1_000_000_000)
                .as("s to stop and start")
                .isLessThan(12);
        Answer ended = pipeline.await(job, "completed");
        assertThat(ended.body().path("attempts").asInt()).isOne();
    }

    @Test
    void aRequestThatFailsIsAnsweredAsAProblemAndLeavesNothing() {
        List<String> before = pipeline.keptFiles();
        pipeline.fail("write-record", () -> new IOException("No space left on device"));

        Answer answer = pipeline.api().upload("no-room", new byte[0]);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");

        answer = pipeline.api().upload("no-room", Pictures.jpeg(1));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
        Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(pipeline.keptFiles()));
    }

    @Test
    void aDroppedPictureAtFaultIsSetAsideWithANote() {
        pipeline.drop("not-a-picture.jpg", "text".getBytes());

        Awaitility.await().until(() -> Files.exists(pipeline.inbox().resolve(".failed/not-a-picture.jpg.error.txt")));
    }

    @Test
    void aDroppedPictureStaysForAnyOtherFailureAndIsTriedAgain() {
        pipeline.fail("ingest-drop-accept", times(1, () -> new IllegalStateException("the disk hiccuped")));

        pipeline.drop("again.jpg", Pictures.jpeg(3));

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(pipeline.inbox().resolve(".done/again.jpg")));
    }
}
