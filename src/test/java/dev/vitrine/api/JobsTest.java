package dev.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.vitrine.http.ProblemException;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobPage;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.queue.Delivery;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisConnections;
import dev.vitrine.queue.RedisExtension;
import dev.vitrine.queue.RedisJobStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.core.StringRedisTemplate;

@ExtendWith(RedisExtension.class)
class JobsTest {
    private static final long NOW = Instant.parse("2026-01-31T07:00:00Z").toEpochMilli();

    private StringRedisTemplate redis;
    private JobQueue queue;
    private LocalJobStore local;
    private Jobs jobs;

    @BeforeEach
    void open(RedisConnections connections) {
        redis = connections.template();
        queue = new JobQueue(redis, "vitrine", QueueSettings.DEFAULT);
        local = new LocalJobStore(1_000);
        jobs = new Jobs(
                Optional.of(queue),
                Optional.of(new RedisJobStore(queue)),
                local,
                Optional.empty(),
                JobEvents.NONE,
                "products",
                () -> "tiny",
                Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    }

    private static Job job(long version) {
        return new Job(
                UuidCreator.getTimeOrderedEpoch(Instant.ofEpochMilli(version)).toString(),
                "lamp",
                "main",
                "Lamp",
                Map.of(),
                version,
                "image/jpeg");
    }

    /** What the route does. */
    private Job enqueue(long version) {
        Job job = job(version);
        redis.opsForZSet().add("{vitrine}:recent", job.id(), job.version());
        redis.opsForHash().putAll("{vitrine}:job:" + job.id(), jobs.queued(job));
        redis.opsForList().leftPush("{vitrine}:jobs", job.id());
        return job;
    }

    private Job indexHere(long version) {
        Job job = job(version);
        jobs.indexed(job, null);
        return job;
    }

    /** Redis was away now and then: some jobs are there, some in this process, many of one millisecond. */
    @Test
    void pagesOfBothStoresHaveEachJobOnceNewestFirst() {
        Random random = new Random(12);
        List<Job> all = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            long version = NOW + random.nextInt(60);
            all.add(random.nextInt(3) == 0 ? indexHere(version) : enqueue(version));
        }
        List<String> expected = all.stream()
                .sorted(Comparator.comparing(Job::version)
                        .thenComparing(Job::id)
                        .reversed())
                .map(Job::id)
                .toList();

        for (int size : new int[] {1_000, 700, 64, 7}) {
            List<String> seen = new ArrayList<>();
            String cursor = null;
            do {
                JobPage page = jobs.list(null, null, Integer.toString(size), cursor, null, null, null, null, null);
                assertThat(page.jobs()).hasSizeLessThanOrEqualTo(size);
                page.jobs().forEach(job -> seen.add(job.id()));
                cursor = page.nextCursor();
            } while (cursor != null);
            assertThat(seen).isEqualTo(expected);
        }
    }

    /** A call looks at no more than 10,000 jobs of Redis; those of this process that are older come after these. */
    @Test
    void aPageThatRedisCutsShortPassesNothingOver() {
        Job oldest = indexHere(NOW - 1);
        for (int i = 0; i < 10_001; i++) {
            redis.opsForZSet().add("{vitrine}:recent", "gone-" + i, NOW + i);
        }
        Job newest = indexHere(NOW + 20_000);

        JobPage first = jobs.list(null, null, null, null, null, null, null, null, null);
        JobPage second = jobs.list(null, null, null, first.nextCursor(), null, null, null, null, null);

        assertThat(first.jobs()).extracting(JobState::id).containsExactly(newest.id());
        assertThat(second.jobs()).extracting(JobState::id).containsExactly(oldest.id());
        assertThat(second.nextCursor()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "cursor, abc",
        "cursor, -1_x",
        "cursor, null",
        "cursor, 1_",
        "status, null",
        "status, lost",
        "limit, 0",
        "limit, 1001",
        "limit, 1.5",
        "limit, 1e999",
        "limit, null"
    })
    void refusesWhatNoParameterCanBe(String parameter, String value) {
        assertThatThrownBy(() -> jobs.list(
                        parameter.equals("status") ? value : null,
                        null,
                        parameter.equals("limit") ? value : null,
                        parameter.equals("cursor") ? value : null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.status()).isEqualTo(400);
                    assertThat(e.errors()).singleElement().satisfies(error -> assertThat(error.field())
                            .isEqualTo(parameter));
                });
    }

    @Test
    void timesHaveMillisecondsAlways() {
        Job queued = enqueue(NOW);
        Job done = indexHere(NOW);

        assertThat(jobs.get(queued.id(), null).createdAt()).isEqualTo("2026-01-31T07:00:00.000Z");
        assertThat(jobs.get(done.id(), null).finishedAt()).isEqualTo("2026-01-31T07:00:00.000Z");
    }

    @Test
    void onlyAFailedJobIsRetried() {
        Job job = enqueue(NOW);
        assertThatThrownBy(() -> jobs.retry(job.id(), null))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(409));
        assertThatThrownBy(() -> jobs.retry("unknown", null))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(404));

        Delivery delivery =
                queue.take(1, "w", Duration.ofSeconds(30)).deliveries().get(0);
        queue.bury(delivery, "broken", "");

        assertThat(jobs.retry(job.id(), null).status()).isEqualTo("queued");
        assertThat(jobs.get(job.id(), null).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void withoutAQueueOnlyTheJobsOfThisProcessAreThere() {
        Jobs alone = new Jobs(
                Optional.empty(),
                Optional.empty(),
                local,
                Optional.empty(),
                JobEvents.NONE,
                "products",
                () -> "tiny",
                Clock.systemUTC());
        alone.indexed(job(NOW), null);

        assertThat(alone.list("completed", "lamp", null, null, null, null, null, null, null)
                        .jobs())
                .hasSize(1);
        JobRetries none = new JobRetries(Optional.empty(), Optional.empty(), "products");
        assertThat(none.retry(null, null, null, null, null, null, null).retried())
                .isZero();
        assertThatThrownBy(() -> none.retry("queued", null, null, null, null, null, null))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> none.retry(null, null, null, "yesterday", null, null, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("since");
    }
}
