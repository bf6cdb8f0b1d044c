package dev.vitrine.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.chaos.Shop.Outcome;
import dev.vitrine.chaos.Shop.Upload;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that is really full refuses uploads, and loses and keeps nothing. {@code VITRINE_MIN_FREE}, which would refuse
 * them before it comes to that, is off.
 */
@Tag("chaos")
class DiskFullTest {
    private static final int DISK_MB = 48;
    private static final Duration FULL = Duration.ofSeconds(6);
    private static final int PRODUCTS = 60;
    private static final int UPLOADS = 300;
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() % 1_000_000);

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest(name = "Redis and index on the same disk: {0}")
    @ValueSource(booleans = {false, true})
    void refusesUploadsAndKeepsNothingWhileTheDiskIsFull(boolean all) throws Exception {
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("data"), DISK_MB);
                RedisServer redis = new RedisServer(folder.resolve("redis"), "everysec").start();
                Fleet fleet = new Fleet(folder, environment(all, redis, inbox))) {
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());

            disk.fill(0);
            for (int i = 0; i < 3; i++) {
                Files.write(inbox.resolve("dropped-" + i + ".jpg"), Pictures.jpeg(i));
            }
            long lines = fleet.get("service").log().lines().count();
            for (int i = 0; i < 10; i++) {
                Answer answer = api.upload("p-" + i, Pictures.jpeg(i));
                assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
                assertThat(answer.header("Retry-After")).matches("[1-9]\\d*");
                assertThat(answer.text("detail")).isNotBlank();
            }
            TimeUnit.NANOSECONDS.sleep(FULL.toNanos());

            assertThat(fleet.get("service").log().lines().count() - lines)
                    .as("log lines")
                    .isLessThanOrEqualTo(FULL.toSeconds() + 10);
            assertThat(RunningVitrine.names(inbox))
                    .filteredOn(name -> name.endsWith(".jpg"))
                    .hasSize(3);
            assertThat(kept(fleet)).as("kept of what was refused").isEmpty();

            disk.empty();

            await("uploads are taken again")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> api.upload("p-0", Pictures.jpeg(0)).status() == 202);
            await("the drop folder goes on").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            IntStream.range(0, 3).mapToObj(i -> api.get("/products/dropped-" + i)
                                    .status()))
                    .containsOnly(200));
            await("nothing is owed").atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(kept(fleet))
                    .isEmpty());
        }
    }

    @ParameterizedTest(name = "Redis and index on the same disk: {0}")
    @ValueSource(booleans = {false, true})
    void finishesWhatItAcceptedWhileTheDiskFilledUpAgainAndAgain(boolean all) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("data"), DISK_MB);
                RedisServer redis = new RedisServer(folder.resolve("redis"), "everysec").start();
                Fleet fleet = new Fleet(folder, environment(all, redis, folder.resolve("inbox")))) {
            fleet.add("service");
            fleet.awaitReady();
            HttpApi api = new HttpApi(fleet.get("service").url());
            Shop shop = new Shop(fleet.get("service").url(), SEED, PRODUCTS);
            Random random = new Random(SEED);
            Thread filling = new Thread(() -> fillAgainAndAgain(disk, random));
            filling.start();
            shop.send(UPLOADS, () -> !filling.isAlive());
            filling.join();

            await("nothing is owed; seed " + SEED)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(kept(fleet)).isEmpty());
            List<Upload> accepted = shop.all().stream()
                    .filter(upload -> upload.outcome() == Outcome.ACCEPTED)
                    .toList();
            System.out.printf(
                    "Disk full 8 times, Redis and index on it: %b, seed %d, in %d uploads %s%n",
                    all, SEED, shop.count(), shop.outcomes());
            assertThat(accepted).as("seed " + SEED).allSatisfy(upload -> assertThat(
                            api.get("/jobs/" + upload.jobId()).text("status"))
                    .isEqualTo("completed"));
            assertThat(shop.refused()).as("the disk was full").isPositive();
            assertThat(shop.productIds()).as("seed " + SEED).allSatisfy(product -> {
                var images = api.get("/products/" + product).body().path("images");
                if (!shop.possibleNames(product).isEmpty()) {
                    assertThat(images.size()).isOne();
                    assertThat(shop.possibleNames(product))
                            .contains(images.path(0).path("name").asText());
                }
            });
        }
    }

    private static Map<String, String> environment(boolean all, RedisServer redis, Path inbox) {
        Map<String, String> environment = new HashMap<>(
                Map.of("VITRINE_MIN_FREE", "0", "VITRINE_WORKERS", "1", "VITRINE_INBOX", inbox.toString()));
        if (!all) {
            environment.put("VITRINE_REDIS_URL", redis.url());
        }
        return environment;
    }

    /** Leaves room for nothing at all, or for half a picture, or for a picture and not its record. */
    private static void fillAgainAndAgain(SmallDisk disk, Random random) {
        try {
            for (int i = 0; i < 8; i++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500, 1_500));
                disk.fill(4096L * random.nextInt(8));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300, 2_500));
                disk.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> kept(Fleet fleet) throws IOException {
        return Stream.of("spool", "uploads")
                .flatMap(name -> RunningVitrine.files(fleet.data().resolve(name)).stream())
                .toList();
    }
}
