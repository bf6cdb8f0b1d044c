package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.image.UnusablePictureException;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import dev.vitrine.testing.WebhookReceiver;
import dev.vitrine.testing.WebhookReceiver.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The shipped route, with pauses of a test. */
class CallbacksRouteTest {
    private static final WebhookReceiver RECEIVER = new WebhookReceiver();
    private static final WebhookReceiver SLOW = new WebhookReceiver();

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("VITRINE_CALLBACK_HOSTS", RECEIVER.host() + "," + SLOW.host())
            .with("VITRINE_CALLBACK_SECRETS", WebhookReceiver.SECRET)
            .with("VITRINE_CALLBACK_URL", RECEIVER.answer("/all", 200))
            .edit("callbacks.camel.yaml", "5s 5m 30m 2h 5h 10h 14h", "100ms 200ms")
            .edit("callbacks.camel.yaml", "\"{{vitrine.callbacks.period}}\"", "300")
            .edit("callbacks.camel.yaml", "refill('PT30S')", "refill('PT1S')");

    @AfterAll
    static void stop() {
        RECEIVER.close();
        SLOW.close();
    }

    private static String upload(String productId, String callbackUrl) {
        Answer answer = PIPELINE.api()
                .upload(
                        Map.of("product_id", productId, "name", "Größe 38", "callback_url", callbackUrl),
                        Pictures.jpeg(productId.hashCode()));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
        return answer.text("job_id");
    }

    private static double count(String outcome) {
        String line = "vitrine_callbacks_total{outcome=\"" + outcome + "\"} ";
        return PIPELINE.api()
                .get("/observe/metrics")
                .response()
                .body()
                .lines()
                .filter(metric -> metric.startsWith(line))
                .mapToDouble(metric -> Double.parseDouble(metric.substring(line.length())))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitNothingOwed() {
        Path folder = PIPELINE.folder().resolve("data/callbacks");
        await().untilAsserted(() -> {
            try (var files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
        });
    }

    @Test
    void tellsHowAJobEndedToTheUrlOfItsUploadAndToThatForAll() {
        String job = upload("told", RECEIVER.answer("/told", 204));
        await().until(() -> RECEIVER.at("/told").size() == 1);
        Message message = RECEIVER.at("/told").get(0);
        assertThat(message.id()).isEqualTo("msg_" + job + "_u");
        assertThat(message.body().path("type").asText()).isEqualTo("job.completed");
        assertThat(message.body().path("data"))
                .isEqualTo(PIPELINE.api().get("/jobs/" + job).body());
        assertThat(message.body().path("timestamp")).isEqualTo(message.body().at("/data/finished_at"));
        await().until(() ->
                RECEIVER.at("/all").stream().anyMatch(other -> other.id().equals("msg_" + job + "_a")));
        awaitNothingOwed();
        assertThat(count("delivered")).isPositive();
    }

    @Test
    void refusesAUrlThatNobodyListedAndKeepsNothingOfTheUpload() {
        for (String url : List.of(
                "https://hooks.example/a",
                "http://127.0.0.1:1/",
                "http://2130706433/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data/",
                "file:///etc/passwd",
                "hooks")) {
            Answer answer = PIPELINE.api()
                    .upload(Map.of("product_id", "no", "name", "No", "callback_url", url), Pictures.jpeg(1));
            assertThat(answer.status()).as(url).isEqualTo(400);
            assertThat(answer.body().at("/errors/0/field").asText()).isEqualTo("callback_url");
        }
        assertThat(PIPELINE.api().get("/jobs?product_id=no").body().path("jobs"))
                .isEmpty();
    }

    @Test
    void tellsThatAJobFailedAndLaterThatItsRetryDidNot() {
        PIPELINE.fail(
                "worker-embed",
                () -> new UnusablePictureException(UnusablePictureException.Reason.DAMAGED, "it shows nothing"));
        String job = upload("fails", RECEIVER.answer("/fails", 200));
        await().until(() -> RECEIVER.at("/fails").size() == 1);
        Message failed = RECEIVER.at("/fails").get(0);
        assertThat(failed.body().path("type").asText()).isEqualTo("job.failed");
        assertThat(failed.body().at("/data/error").asText()).contains("it shows nothing");
        PIPELINE.fail("worker-embed", () -> null);
        assertThat(PIPELINE.api().post("/jobs/" + job + "/retry").status()).isEqualTo(202);
        await().until(() -> RECEIVER.at("/fails").size() == 2);
        assertThat(RECEIVER.at("/fails").get(1).body().path("type").asText()).isEqualTo("job.completed");
        assertThat(RECEIVER.at("/fails").get(1).id()).isNotEqualTo(failed.id());
        awaitNothingOwed();
    }

    @Test
    void triesAgainUnderTheSameIdAndFollowsNoRedirect() {
        AtomicInteger tries = new AtomicInteger();
        String url = RECEIVER.answer("/again", request -> {
            int status = List.of(500, 302, 200).get(tries.getAndIncrement());
            request.getResponseHeaders().add("Location", "/elsewhere");
            request.sendResponseHeaders(status, -1);
        });
        RECEIVER.answer("/elsewhere", 200);
        double retried = count("retried");
        upload("again", url);
        await().until(() -> RECEIVER.at("/again").size() == 3);
        Set<String> ids = new HashSet<>();
        RECEIVER.at("/again").forEach(message -> ids.add(message.id()));
        assertThat(ids).hasSize(1);
        assertThat(RECEIVER.at("/elsewhere")).isEmpty();
        assertThat(count("retried") - retried).isGreaterThanOrEqualTo(2);
        awaitNothingOwed();
    }

    @Test
    void waitsAsLongAsTheReceiverAsks() {
        AtomicInteger tries = new AtomicInteger();
        long[] at = new long[2];
        upload("later", RECEIVER.answer("/later", request -> {
            int n = tries.getAndIncrement();
            at[n] = System.nanoTime();
            request.getResponseHeaders().add("Retry-After", "2");
            request.sendResponseHeaders(n == 0 ? 429 : 200, -1);
        }));
        await().until(() -> RECEIVER.at("/later").size() == 2);
        assertThat((at[1] - at[0]) / 1_000_000).isGreaterThanOrEqualTo(1_990);
        awaitNothingOwed();
    }

    @Test
    void givesUpAfterTheLastTryAndAtOnceWhereNobodyWantsIt() {
        double givenUp = count("given_up");
        double unwanted = count("unwanted");
        String job = upload("dead", RECEIVER.answer("/dead", 503));
        upload("gone", RECEIVER.answer("/gone", 410));
        await().until(() -> count("given_up") > givenUp && count("unwanted") > unwanted);
        assertThat(RECEIVER.at("/dead")).hasSize(3);
        assertThat(RECEIVER.at("/gone")).hasSize(1);
        assertThat(PIPELINE.api().get("/jobs/" + job).text("status")).isEqualTo("completed");
        awaitNothingOwed();
    }

    @Test
    void aSlowReceiverDelaysNoOther() {
        CountDownLatch open = new CountDownLatch(1);
        String slow = SLOW.answer("/slow", request -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            request.sendResponseHeaders(200, -1);
        });
        for (int i = 0; i < 20; i++) {
            upload("slow-" + i, slow);
        }
        await().until(() -> PIPELINE.begun("callback-errors-postpone") > 0);
        assertThat(SLOW.at("/slow").size()).isLessThanOrEqualTo(8);
        upload("quick", RECEIVER.answer("/quick", 200));
        await().until(() -> RECEIVER.at("/quick").size() == 1);
        open.countDown();
        await().until(() -> SLOW.at("/slow").size() == 20);
        awaitNothingOwed();
    }

    @Test
    void aRoundOfUpkeepThatFailsIsFollowedByAnother() {
        PIPELINE.fail("callback-upkeep-refill", () -> new IllegalStateException("the disk is away"));
        await().until(() -> PIPELINE.begun("callback-upkeep-errors-hand-over") > 1);
    }

    @Test
    void whileAnotherProcessSeesToUpkeepARoundDoesNothing() {
        StringRedisTemplate redis =
                PIPELINE.context().getRegistry().lookupByNameAndType("redis", StringRedisTemplate.class);
        redis.opsForValue().set("{vitrine}:upkeep:callbacks", "another", Duration.ofMinutes(1));
        int left = PIPELINE.begun("callback-upkeep-not-now");
        await().until(() -> PIPELINE.begun("callback-upkeep-not-now") > left + 1);
        redis.delete("{vitrine}:upkeep:callbacks");
    }
}
