package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.job.Job;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.Pipeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

/** {@code upkeep.camel.yaml}: what is seen to at the start and every minute, here five times a second. */
class UpkeepRouteTest {
    private static final String ID = "01890000-0000-7000-8000-000000000001";
    private static final String BAD = "01890000-0000-7000-8000-000000000002";
    private static final String LATE = "01890000-0000-7000-8000-000000000003";
    private static final String PERIOD = "\"{{vitrine.upkeep.period}}\"";

    @RegisterExtension
    static final Pipeline pipeline = new Pipeline()
            .with("VITRINE_REDIS_URL", "none")
            .edit("upkeep.camel.yaml", PERIOD, "\"200\"")
            .data("spool/" + ID + ".img", Pictures.jpeg(1))
            .data("spool/" + ID + ".json", owed(ID, "lamp"))
            .data("spool/" + BAD + ".img", "no picture".getBytes(StandardCharsets.UTF_8))
            .data("spool/" + BAD + ".json", owed(BAD, "bad"));

    @RegisterExtension
    static final Pipeline withQueue = new Pipeline().edit("upkeep.camel.yaml", PERIOD, "\"200\"");

    private static byte[] owed(String id, String product) {
        try {
            return new ObjectMapper()
                    .writeValueAsBytes(new Job(id, product, "main", "Lamp", Map.of(), 1, "image/jpeg"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAnEarlierRunAcceptedIsIndexed() {
        Awaitility.await().until(() -> pipeline.api().get("/products/lamp").status() == 200);
        Awaitility.await().untilAsserted(() -> assertThat(pipeline.keptFiles()).isEmpty());
    }

    @Test
    void anUnusablePictureThatAnEarlierRunAcceptedEndsWithAReason() {
        Answer job = pipeline.await(BAD, "failed");
        assertThat(job.text("error")).isNotBlank();
        assertThat(pipeline.keptFiles()).noneMatch(file -> file.contains(BAD));
    }

    @Test
    void whatKeepsFailingIsTriedTenTimesAndWhileTheIndexIsAwayNotCounted() throws Exception {
        pipeline.fail("index-picture", () -> new IndexUnavailableException("The index is away", null));
        Path spool = pipeline.folder().resolve("data/spool");
        Files.write(spool.resolve(LATE + ".img"), Pictures.jpeg(2));
        Path record = Files.write(pipeline.folder().resolve("late.json"), owed(LATE, "late"));
        Files.move(record, spool.resolve(LATE + ".json"), StandardCopyOption.ATOMIC_MOVE);
        int waited = pipeline.begun("upkeep-unfinished-wait");
        Awaitility.await().until(() -> pipeline.begun("upkeep-unfinished-wait") > waited);

        pipeline.fail("index-picture", () -> new IllegalStateException("the disk hiccuped"));
        Answer job = pipeline.await(LATE, "failed");
        assertThat(job.text("error")).isEqualTo("the disk hiccuped");
        assertThat(job.body().path("attempts").asInt()).isEqualTo(10);
        assertThat(spool.resolve(LATE + ".img")).as("for the next start").exists();

        Files.delete(spool.resolve(LATE + ".json"));
        Files.delete(spool.resolve(LATE + ".img"));
    }

    @Test
    void aRoundThatFailsIsFollowedByTheNext() {
        pipeline.fail("upkeep-expire", () -> new IllegalStateException("the disk hiccuped"));
        int said = pipeline.begun("upkeep-errors-say");
        Awaitility.await().until(() -> pipeline.begun("upkeep-errors-say") > said);

        pipeline.fail("upkeep-expire", () -> null);
        int swept = pipeline.begun("upkeep-sweep");
        Awaitility.await().until(() -> pipeline.begun("upkeep-sweep") > swept);
    }

    @Test
    void whileAnotherProcessSeesToItARoundDoesNothing() {
        StringRedisTemplate redis =
                withQueue.context().getRegistry().lookupByNameAndType("redis", StringRedisTemplate.class);
        redis.opsForValue().set("{vitrine}:upkeep:spool", "another", Duration.ofMinutes(1));
        int left = withQueue.begun("upkeep-not-now");
        Awaitility.await().until(() -> withQueue.begun("upkeep-not-now") > left + 1);

        int swept = withQueue.begun("upkeep-sweep");
        redis.delete("{vitrine}:upkeep:spool");
        Awaitility.await().until(() -> withQueue.begun("upkeep-sweep") > swept);
    }
}
