package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import dev.vitrine.testing.WebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis comes only after a picture was indexed without it. */
class CallbacksWithoutRedisTest {
    private static final WebhookReceiver RECEIVER = new WebhookReceiver();
    private static final Path FOLDER = temporary();
    private static final RedisServer REDIS = new RedisServer(FOLDER, "no");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("VITRINE_REDIS_URL", REDIS.url())
            .with("VITRINE_CALLBACK_HOSTS", RECEIVER.host())
            .with("VITRINE_CALLBACK_SECRETS", WebhookReceiver.SECRET)
            .edit("callbacks.camel.yaml", "\"{{vitrine.callbacks.period}}\"", "300")
            .edit("callbacks.camel.yaml", "refill('PT30S')", "refill('PT1S')");

    @AfterAll
    static void stop() {
        REDIS.close();
        RECEIVER.close();
        FileUtil.removeDir(FOLDER.toFile());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("vitrine-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theWebhookOfAPictureThatWasIndexedAtOnceIsKeptUntilRedisIsBack() {
        Answer answer = PIPELINE.api()
                .upload(
                        Map.of("product_id", "p", "name", "P", "callback_url", RECEIVER.answer("/late", 200)),
                        Pictures.jpeg(1));
        assertThat(answer.text("status")).isEqualTo("indexed");
        String job = answer.text("job_id");
        assertThat(PIPELINE.folder().resolve("data/callbacks/" + job + "_u.json"))
                .exists();
        assertThat(RECEIVER.at("/late")).isEmpty();
        REDIS.start();
        await().until(() -> RECEIVER.at("/late").size() == 1);
        assertThat(RECEIVER.at("/late").get(0).body().at("/data/status").asText())
                .isEqualTo("completed");
        assertThat(RECEIVER.at("/late").get(0).body().at("/data/model").asText())
                .isEqualTo("tiny-clip");
    }
}
