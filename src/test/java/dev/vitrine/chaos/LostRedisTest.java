package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A Redis that forgets everything while uploads come in loses no upload: the spool knows what is owed. */
@Tag("chaos")
class LostRedisTest {
    private static final int PRODUCTS = 100;
    private static final int UPLOADS = 400;

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void finishesWhatWasAcceptedBeforeRedisWasEmptied() throws Exception {
        finishesAllAfter(redis -> {
            try (Jedis jedis = redis.connect()) {
                jedis.flushAll();
            }
        });
    }

    @Test
    void finishesWhatWasAcceptedBeforeRedisLostItsFile() throws Exception {
        finishesAllAfter(redis -> {
            redis.kill();
            redis.loseEverything();
            redis.start();
        });
    }

    private interface Loss {
        void of(RedisServer redis);
    }

    private void finishesAllAfter(Loss loss) throws Exception {
        try (RedisServer redis = new RedisServer(folder.resolve("redis"), "everysec").start();
                Fleet fleet = new Fleet(folder, Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_WORKERS", "1"))) {
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());
            Shop shop = new Shop(fleet.get("service").url(), 1, PRODUCTS);
            Thread losses = new Thread(() -> {
                for (int i = 1; i <= 3; i++) {
                    int some = i * UPLOADS / 4;
                    await().atMost(Duration.ofSeconds(60)).until(() -> shop.count() > some);
                    loss.of(redis);
                }
            });
            losses.start();
            shop.send(UPLOADS, () -> !losses.isAlive());
            losses.join();

            await("nothing is owed").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            RunningVitrine.files(fleet.data().resolve("spool")))
                    .isEmpty());
            List<String> unfinished = new ArrayList<>();
            int forgotten = 0;
            for (Upload upload : shop.all()) {
                if (upload.outcome() == Outcome.ACCEPTED) {
                    JsonNode job = api.get("/jobs/" + upload.jobId()).body();
                    // Redis also forgot how jobs had ended before.
                    boolean gone = job.path("status").asInt() == 404;
                    forgotten += gone ? 1 : 0;
                    if (!gone && !job.path("status").asText().equals("completed")) {
                        unfinished.add(upload + " is " + job);
                    }
                }
            }
            System.out.printf(
                    "Redis lost everything 3 times in %d uploads %s: %d ended jobs are forgotten, %d not finished%n",
                    shop.count(), shop.outcomes(), forgotten, unfinished.size());
            assertThat(unfinished).isEmpty();
            for (String product : shop.productIds()) {
                JsonNode images = api.get("/products/" + product).body().path("images");
                assertThat(images.size()).as(product).isOne();
                assertThat(shop.possibleNames(product))
                        .as(product)
                        .contains(images.path(0).path("name").asText());
            }
        }
    }
}
