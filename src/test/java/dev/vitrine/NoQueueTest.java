package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a queue in reach, an upload is indexed while its client waits. */
class NoQueueTest {
    @TempDir
    private Path data;

    private static void assertIndexed(RunningVitrine service, String product, Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo("indexed");
        assertThat(service.api().get("/products/" + product).status()).isEqualTo(200);
        assertThat(service.api().get("/jobs/" + answer.text("job_id")).text("status"))
                .isEqualTo("completed");
    }

    @Test
    void runsWithoutAQueueAtAll() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"))) {
            assertIndexed(service, "a", service.api().upload("a", Pictures.jpeg(1)));
            assertThat(service.api()
                            .get("/stats")
                            .body()
                            .path("queue")
                            .path("mode")
                            .asText())
                    .isEqualTo("none");
            assertThat(service.api().get("/jobs?product_id=a").body().path("jobs"))
                    .hasSize(1);
            assertThat(service.keptFiles()).isEmpty();
            assertThat(service.api().get("/observe/health").text("status")).isEqualTo("UP");
        }
    }

    @Test
    void goesOnWhileRedisHangsAndReturnsToTheQueueAfterwards() throws IOException, InterruptedException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(data.resolve("redis"));
                RunningVitrine service =
                        RunningVitrine.start(data.resolve("vitrine"), Map.of("VITRINE_REDIS_URL", redis.url()))) {
            assertThat(service.api().upload("warm", Pictures.jpeg(1)).status()).isEqualTo(202);
            await().until(() -> service.api().get("/products/warm").status() == 200);

            signal(redis, "STOP");
            try {
                Answer first = service.api().upload("first", Pictures.jpeg(2));
                assertIndexed(service, "first", first);
                assertThat(first.millis()).as("one client time-out at most").isLessThan(500 + 1_000);
                await().until(() ->
                        !service.api().get("/observe/health").text("status").equals("UP"));
                for (int i = 0; i < 5; i++) {
                    Answer next = service.api().upload("next-" + i, Pictures.jpeg(10 + i));
                    assertIndexed(service, "next-" + i, next);
                    assertThat(next.millis())
                            .as("no time-out once the breaker is open")
                            .isLessThan(450);
                }
            } finally {
                signal(redis, "CONT");
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> service.api().upload("back", Pictures.jpeg(3)).status() == 202);
            await().until(() -> service.api().get("/products/back").status() == 200);
            await().until(() ->
                    service.api().get("/observe/health").text("status").equals("UP"));
            await().until(() -> service.keptFiles().isEmpty());
        }
    }

    private static void signal(EmbeddedRedis redis, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(redis.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
