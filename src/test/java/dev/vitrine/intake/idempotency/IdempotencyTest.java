package dev.vitrine.intake.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads under an {@code Idempotency-Key}. */
class IdempotencyTest {
    @RegisterExtension
    static final Pipeline pipeline = new Pipeline();

    private static HttpApi under(String key) {
        return pipeline.api().with("Idempotency-Key", key);
    }

    private static int jobsOf(String product) {
        return pipeline.api()
                .get("/jobs?product_id=" + product)
                .body()
                .path("jobs")
                .size();
    }

    @Test
    void fiftyAtOnceAreOneJob() {
        byte[] picture = Pictures.jpeg(1);
        ExecutorService clients = Executors.newFixedThreadPool(50);
        try {
            List<CompletableFuture<Answer>> sent = IntStream.range(0, 50)
                    .mapToObj(n -> CompletableFuture.supplyAsync(
                            () -> under("\"fifty\"").upload("fifty", picture), clients))
                    .toList();
            List<Answer> answers = sent.stream().map(CompletableFuture::join).toList();

            assertThat(answers).extracting(Answer::status).contains(202).isSubsetOf(202, 409);
            assertThat(answers.stream().filter(answer -> answer.status() == 202))
                    .extracting(answer -> answer.text("job_id"))
                    .containsOnly(pipeline.api()
                            .get("/jobs?product_id=fifty")
                            .body()
                            .at("/jobs/0/job_id")
                            .asText());
        } finally {
            clients.shutdownNow();
        }
        assertThat(jobsOf("fifty")).isEqualTo(1);
    }

    @Test
    void theSameUploadAgainIsAnsweredAsTheFirst() {
        Answer first = under("\"again\"").upload("again", Pictures.jpeg(2));
        pipeline.await(first.text("job_id"), "completed");

        Answer second = under("\"again\"")
                .upload(Map.of("product_id", "again", "image_id", "main", "name", "Product again"), Pictures.jpeg(2));

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.response().body()).isEqualTo(first.response().body());
        assertThat(jobsOf("again")).isEqualTo(1);
    }

    @Test
    void anotherPictureOrFieldUnderTheKeyIsRefused() {
        under("\"other\"").upload("other", Pictures.jpeg(3));

        Answer picture = under("\"other\"").upload("other", Pictures.jpeg(4));
        Answer field = under("\"other\"").upload("other-2", Pictures.jpeg(3));

        assertThat(List.of(picture, field)).extracting(Answer::status).containsOnly(422);
        assertThat(picture.text("detail")).contains("another upload");
        assertThat(jobsOf("other")).isEqualTo(1);
    }

    @Test
    void theSameUploadWhileTheFirstIsBeingTakenIsAConflict() {
        AtomicReference<Answer> second = new AtomicReference<>();
        pipeline.fail("accept-check", () -> {
            if (second.get() == null) {
                second.set(under("\"running\"").upload("running", Pictures.jpeg(7)));
            }
            return null;
        });

        Answer first = under("\"running\"").upload("running", Pictures.jpeg(7));

        assertThat(first.status()).isEqualTo(202);
        assertThat(second.get().status()).isEqualTo(409);
        assertThat(second.get().text("detail")).contains("ask again in a moment");
    }

    @Test
    void aRefusedUploadLeavesTheKeyFree() {
        Answer refused = under("\"mended\"").upload("mended", "no picture".getBytes());
        Answer mended = under("\"mended\"").upload("mended", Pictures.jpeg(5));

        assertThat(refused.status()).isEqualTo(415);
        assertThat(mended.status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare", "\"\"", "\"open", "\"a\", \"b\""})
    void aMalformedKeyIsRefused(String key) {
        Answer answer = under(key).offContract().upload("malformed", Pictures.jpeg(6));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("detail")).startsWith("Idempotency-Key: must be one string in quotes");
        assertThat(jobsOf("malformed")).isZero();
    }
}
