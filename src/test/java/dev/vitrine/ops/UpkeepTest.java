package dev.vitrine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisBreaker;
import dev.vitrine.queue.UpkeepLeases;
import dev.vitrine.spool.FolderTombstones;
import dev.vitrine.spool.OwedProducts;
import dev.vitrine.spool.Spool;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/** What the spool owes comes back into the queue, what failed can be retried, what expired goes. */
class UpkeepTest {
    @TempDir
    private Path data;

    private static <T> T bean(RunningVitrine service, String name, Class<T> type) {
        return service.vitrine().context().getRegistry().lookupByNameAndType(name, type);
    }

    private static double count(RunningVitrine service, String what) {
        return bean(service, "meters", MeterRegistry.class)
                .get("vitrine.upkeep." + what)
                .counter()
                .count();
    }

    @Test
    void ofSeveralProcessesOneSeesToItButEachDoesAtItsStart() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api"))) {
            StringRedisTemplate redis = bean(service, "redis", StringRedisTemplate.class);
            await().until(() -> redis.hasKey("{vitrine}:upkeep:spool"));
            JobQueue queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
            UpkeepLeases leases = new UpkeepLeases(queue, "second");
            Upkeep second = new Upkeep(
                    bean(service, "spool", Spool.class),
                    new OwedProducts(bean(service, "spool", Spool.class)),
                    new FolderTombstones(data.resolve("deleted")),
                    Optional.of(queue),
                    RedisBreaker.alwaysOpen(),
                    data,
                    Duration.ofDays(7),
                    Optional.of(leases),
                    new SimpleMeterRegistry());

            assertThat(second.isOthers("spool")).as("at its start").isFalse();
            assertThat(second.isOthers("spool")).as("while the first lives").isTrue();
            redis.delete("{vitrine}:upkeep:spool");
            assertThat(second.isOthers("spool")).as("once the first is gone").isFalse();
            assertThat(second.isOthers("spool")).as("as long as this one lives").isFalse();
            second.handOver("spool");
            assertThat(redis.hasKey("{vitrine}:upkeep:spool")).isFalse();
            leases.close();
        }
    }

    @Test
    void aJobOfAWorkerThatVanishedWaitsAgain() {
        try (RunningVitrine api = RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api"))) {
            String job = api.api().upload("left", Pictures.jpeg(1)).text("job_id");
            StringRedisTemplate redis = bean(api, "redis", StringRedisTemplate.class);
            new JobQueue(redis, "vitrine", QueueSettings.DEFAULT).take(1, "gone", Duration.ofMillis(1));
            assertThat(api.api().get("/jobs/" + job).text("status")).isEqualTo("processing");
            redis.opsForZSet().add("{vitrine}:leases", job, System.currentTimeMillis() - 60_000);

            bean(api, "upkeep", Upkeep.class).returnLeases();

            assertThat(api.api().get("/jobs/" + job).text("status")).isEqualTo("queued");
            assertThat(count(api, "leases")).isOne();
        }
    }

    @Test
    void refillsAQueueThatForgotEverything() {
        List<String> jobs = new ArrayList<>();
        try (RunningVitrine api = RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api"))) {
            for (int i = 0; i < 5; i++) {
                jobs.add(api.api().upload("p" + i, Pictures.jpeg(i)).text("job_id"));
            }
            bean(api, "redis", StringRedisTemplate.class).execute((RedisCallback<Void>) redis -> {
                redis.serverCommands().flushAll();
                return null;
            });
            assertThat(api.api().get("/jobs/" + jobs.get(0)).status()).isEqualTo(404);

            bean(api, "upkeep", Upkeep.class).refill();

            assertThat(count(api, "refilled")).isEqualTo(5);
            assertThat(api.api()
                            .get("/stats")
                            .body()
                            .path("queue")
                            .path("depth")
                            .asInt())
                    .isEqualTo(5);
            assertThat(api.api().get("/jobs/" + jobs.get(0)).text("status")).isEqualTo("queued");
            bean(api, "upkeep", Upkeep.class).refill();
            assertThat(api.api()
                            .get("/stats")
                            .body()
                            .path("queue")
                            .path("depth")
                            .asInt())
                    .as("what the queue knows is not enqueued twice")
                    .isEqualTo(5);
        }
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            jobs.forEach(job -> service.awaitStatus(job, "completed"));
            await().until(() -> service.keptFiles().isEmpty());
        }
    }

    @Test
    void finishesWithoutAQueueWhatAnEarlierRunAccepted() throws IOException {
        try (RunningVitrine api = RunningVitrine.start(data, Map.of("VITRINE_ROLE", "api"))) {
            assertThat(api.api().upload("left", Pictures.jpeg(1)).status()).isEqualTo(202);
        }
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_REDIS_URL", "none"))) {
            await().until(() -> service.api().get("/products/left").status() == 200);
            await().until(() -> service.keptFiles().isEmpty());
        }
    }

    @Test
    void aFailedJobKeepsItsPictureUntilItIsRetriedOrExpires() throws IOException {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            Answer answer = service.api().upload("broken", Pictures.brokenPng(64, 64));
            assertThat(answer.status()).isEqualTo(202);
            String job = answer.text("job_id");
            service.awaitStatus(job, "failed");
            JsonNode failed =
                    service.api().get("/jobs?status=failed").body().path("jobs").path(0);
            assertThat(failed.path("error").asText()).contains("damaged");
            assertThat(failed.path("digest").asText()).matches("[0-9a-f]{12}");
            assertThat(failed.path("attempts").asInt()).isOne();
            assertThat(service.keptFiles()).containsExactly(job + ".img", job + ".json");
            assertThat(service.api()
                            .get("/jobs?status=failed")
                            .body()
                            .path("jobs")
                            .findValuesAsText("job_id"))
                    .containsExactly(job);

            assertThat(service.api().post("/jobs/" + job + "/retry").status()).isEqualTo(202);
            service.awaitStatus(job, "failed");

            bean(service, "upkeep", Upkeep.class).expire();
            assertThat(service.keptFiles()).as("not old yet").hasSize(2);
            long old = System.currentTimeMillis() - Duration.ofDays(8).toMillis();
            bean(service, "redis", StringRedisTemplate.class).opsForZSet().add("{vitrine}:dead", job, old);
            bean(service, "upkeep", Upkeep.class).expire();
            assertThat(service.keptFiles()).isEmpty();
            assertThat(service.api().get("/jobs/" + job).status()).isEqualTo(404);
            assertThat(count(service, "dead")).isOne();
        }
    }

    @Test
    void sendsEveryFailedJobBackAtOnce() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            List<String> jobs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                jobs.add(service.api()
                        .upload("broken-" + i, Pictures.brokenPng(64, 64))
                        .text("job_id"));
            }
            jobs.forEach(job -> service.awaitStatus(job, "failed"));
            List<String> before = finished(service, jobs);

            Answer retried = service.api().post("/jobs/retry?status=failed");

            assertThat(retried.status()).isEqualTo(202);
            assertThat(retried.body().path("retried").asInt()).isEqualTo(3);
            await().untilAsserted(() -> assertThat(finished(service, jobs))
                    .doesNotContainAnyElementsOf(before)
                    .doesNotContain("null"));
            jobs.forEach(job -> service.awaitStatus(job, "failed"));
            assertThat(service.api()
                            .offContract()
                            .post("/jobs/retry?status=queued")
                            .status())
                    .isEqualTo(400);
        }
    }

    private static List<String> finished(RunningVitrine service, List<String> jobs) {
        return jobs.stream()
                .map(job -> service.api().get("/jobs/" + job).text("finished_at"))
                .toList();
    }

    @Test
    void sweepsWhatCrashesLeftBehind() throws IOException {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of())) {
            Path upload = Files.write(data.resolve("uploads/left-behind"), new byte[10]);
            Path half = Files.write(data.resolve("spool/.part-x.img"), new byte[10]);
            Path fresh = Files.write(data.resolve("uploads/in-progress"), new byte[10]);
            for (Path old : List.of(upload, half)) {
                Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
            }
            bean(service, "upkeep", Upkeep.class).sweep(Duration.ofMinutes(15));
            bean(service, "upkeep", Upkeep.class).sweepUploads(Duration.ofMinutes(15));
            assertThat(upload).doesNotExist();
            assertThat(half).doesNotExist();
            assertThat(fresh).exists();
            assertThat(count(service, "swept")).isEqualTo(2);
        }
    }
}
