package dev.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.chaos.Fleet;
import dev.vitrine.chaos.KeptFolder;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Place;
import dev.vitrine.testing.QdrantServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The later upload wins between two processes that take uploads, whose clocks are ten minutes apart. Needs Debian's
 * libfaketime.
 */
@Tag("cluster")
class WrongClocksTest {
    private static final Duration WRONG = Duration.ofMinutes(5);
    private static final int PRODUCTS = 10;
    private static final int ROUNDS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir(factory = KeptFolder.class, cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private RedisServer redis;
    private QdrantServer qdrant;
    private Fleet fleet;
    private HttpApi ahead;
    private HttpApi behind;

    @BeforeEach
    void start() {
        if (!Clock.canBeWrong()) {
            System.out.println("[WARNING] Wrong clocks are skipped: there is no libfaketime");
        }
        assumeTrue(Clock.canBeWrong());
        redis = new RedisServer(folder.resolve("redis"), "everysec").start();
        qdrant = QdrantServer.startNew(Map.of());
        fleet = new Fleet(folder, Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_QDRANT_URL", qdrant.grpcUrl()));
        ahead = add("ahead", WRONG);
        behind = add("behind", WRONG.negated());
        fleet.add("worker", "--role", "worker");
        fleet.awaitReady();
    }

    @AfterEach
    void stop() {
        if (fleet != null) {
            fleet.close();
        }
        if (qdrant != null) {
            qdrant.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void theLaterUploadWinsThatWaitsInTheQueue() {
        sendAlternately("queued", 202);

        awaitNothingWaits();
        assertThatTheLastIsIndexed("queued");
    }

    @Test
    void theLaterUploadWinsWhileRedisIsAwayAndWhenItIsBack() {
        sendAlternately("before", 202);
        redis.pause();
        awaitAnswered(200);

        sendAlternately("meanwhile", 200);
        assertThatTheClocksAreWrong();
        assertThatTheLastIsIndexed("meanwhile");

        redis.resume();
        awaitAnswered(202);
        awaitNothingWaits();
        assertThatTheLastIsIndexed("meanwhile");
        sendAlternately("after", 202);
        awaitNothingWaits();
        assertThatTheLastIsIndexed("after");
    }

    private HttpApi add(String name, Duration wrong) {
        Clock clock = Clock.at(folder.resolve(name + ".clock")).orElseThrow();
        clock.set(wrong);
        return new HttpApi(fleet.add(name, Place.HERE, clock.environment(), "--role", "api")
                .url());
    }

    /** One upload after another, each to the other process; half of the products get their last one from either. */
    private void sendAlternately(String when, int status) {
        for (int round = 1; round <= ROUNDS; round++) {
            for (int product = 0; product < PRODUCTS; product++) {
                HttpApi api = isLastAhead(product) == ((ROUNDS - round) % 2 == 0) ? ahead : behind;
                Answer answer = api.upload(
                        Map.of("product_id", "p-" + product, "name", when + " " + round),
                        Pictures.jpeg(product * ROUNDS + round));
                assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
            }
        }
    }

    private static boolean isLastAhead(int product) {
        return product % 2 == 0;
    }

    private void awaitAnswered(int status) {
        for (HttpApi api : new HttpApi[] {ahead, behind}) {
            await("uploads are answered with " + status).atMost(PATIENCE).untilAsserted(() -> assertThat(
                            api.upload("other", Pictures.jpeg(1)).status())
                    .isEqualTo(status));
        }
    }

    /** Without a queue the process that takes an upload indexes it, and says by its own clock when that was. */
    private void assertThatTheClocksAreWrong() {
        for (int product = 0; product < PRODUCTS; product++) {
            Instant said = Instant.parse(indexed(product).path("indexed_at").asText());
            Duration wrong = Duration.between(Instant.now(), said);
            assertThat(isLastAhead(product) ? wrong : wrong.negated())
                    .isBetween(WRONG.minusMinutes(1), WRONG.plusMinutes(1));
        }
    }

    private void awaitNothingWaits() {
        await("nothing waits").atMost(PATIENCE).untilAsserted(() -> {
            JsonNode jobs = ahead.get("/stats").body().path("jobs");
            assertThat(jobs.path("queued").asInt(-1)
                            + jobs.path("processing").asInt(-1)
                            + jobs.path("retrying").asInt(-1))
                    .isZero();
        });
    }

    private void assertThatTheLastIsIndexed(String when) {
        for (int product = 0; product < PRODUCTS; product++) {
            assertThat(indexed(product).path("name").asText())
                    .as("p-" + product)
                    .isEqualTo(when + " " + ROUNDS);
        }
    }

    /** The only picture of a product. */
    private JsonNode indexed(int product) {
        JsonNode images = behind.get("/products/p-" + product).body().path("images");
        assertThat(images).as("pictures of p-" + product).hasSize(1);
        return images.get(0);
    }
}
