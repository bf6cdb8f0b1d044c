package dev.vitrine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service may be started before its Redis. */
class LateRedisTest {
    @TempDir
    private Path data;

    @Test
    void startsWithoutItsRedisAndUsesItOnceItIsThere() {
        RedisServer redis = new RedisServer(data.resolve("redis"), "everysec");
        try (RunningVitrine service =
                RunningVitrine.start(data.resolve("vitrine"), Map.of("VITRINE_REDIS_URL", redis.url()))) {
            assertThat(service.api().upload("early", Pictures.jpeg(1)).status()).isEqualTo(200);
            assertThat(service.api().get("/observe/health/ready").text("status"))
                    .as("uploads are indexed while the client waits")
                    .isEqualTo("UP");
            assertThat(service.api().get("/observe/health").response().body())
                    .contains("\"name\":\"redis\",\"status\":\"DOWN\"");
            assertThat(service.api().get("/observe/health/live").text("status")).isEqualTo("UP");
            redis.start();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> service.api().upload("late", Pictures.jpeg(2)).status() == 202);
            await().until(() -> service.api().get("/products/late").status() == 200);
            await().until(() ->
                    service.api().get("/observe/health").text("status").equals("UP"));
        } finally {
            redis.close();
        }
    }
}
