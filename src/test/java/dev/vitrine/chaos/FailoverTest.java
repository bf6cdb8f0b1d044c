package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.RedisCluster;
import dev.vitrine.testing.RedisNode;
import dev.vitrine.testing.RedisSentinels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A master that dies, and one that hangs and comes back, while uploads come in, lose no upload. */
@Tag("cluster")
class FailoverTest {
    private static final int PRODUCTS = 60;
    private static final int UPLOADS = 300;

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void ofSentinel() throws Exception {
        try (RedisSentinels redis = RedisSentinels.start(folder.resolve("redis"))) {
            finishesAll(redis.url(), redis.master(), redis::master);
        }
    }

    @Test
    void ofACluster() throws Exception {
        try (RedisCluster redis = RedisCluster.start(folder.resolve("redis"))) {
            String key = "{vitrine}:jobs";
            finishesAll(redis.url(), redis.masterOf(key), () -> redis.masterOf(key));
        }
    }

    private interface Masters {
        RedisNode now();
    }

    private void finishesAll(String url, RedisNode first, Masters masters) throws Exception {
        try (Fleet fleet = new Fleet(folder, Map.of("VITRINE_REDIS_URL", url, "VITRINE_WORKERS", "1"))) {
            fleet.add("service");
            fleet.awaitReady();
            Shop shop = new Shop(fleet.get("service").url(), 1, PRODUCTS);
            Thread faults = new Thread(() -> {
                awaitUploads(shop, UPLOADS / 4);
                first.kill();
                awaitUploads(shop, UPLOADS / 4);
                RedisNode second = masters.now();
                first.start();
                second.pause();
                awaitUploads(shop, UPLOADS / 4);
                masters.now();
                second.resume();
            });
            faults.start();
            shop.send(UPLOADS, () -> !faults.isAlive());
            faults.join();

            await("nothing is owed").atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                try (Stream<Path> files = Files.walk(fleet.data().resolve("spool"))) {
                    assertThat(files.filter(Files::isRegularFile)).isEmpty();
                }
            });
            check(shop, new HttpApi(fleet.get("service").url()));
        }
    }

    private static void awaitUploads(Shop shop, int more) {
        int now = shop.count();
        await().atMost(Duration.ofSeconds(120)).until(() -> shop.count() > now + more);
    }

    private static void check(Shop shop, HttpApi api) {
        List<String> wrong = new ArrayList<>();
        for (Upload upload : shop.all()) {
            if (upload.outcome() == Outcome.ACCEPTED) {
                await("job " + upload.jobId()).atMost(Duration.ofSeconds(60)).until(() -> !List.of(
                                "queued", "processing", "retrying")
                        .contains(api.get("/jobs/" + upload.jobId()).text("status")));
                JsonNode job = api.get("/jobs/" + upload.jobId()).body();
                if (!job.path("status").asText().equals("completed")) {
                    wrong.add(upload + " is " + job);
                }
            }
        }
        assertThat(wrong).isEmpty();
        for (String product : shop.productIds()) {
            JsonNode images = api.get("/products/" + product).body().path("images");
            assertThat(images.size()).as(product).isOne();
            assertThat(shop.possibleNames(product))
                    .as(product)
                    .contains(images.path(0).path("name").asText());
        }
    }
}
