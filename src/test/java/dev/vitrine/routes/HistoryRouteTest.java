package dev.vitrine.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.NastyIds;
import dev.vitrine.testing.Pipeline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/** The end of each attempt comes into the database, and is there when the queue has forgotten it. */
class HistoryRouteTest {
    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("VITRINE_HISTORY_URL", "embedded")
            .edit(
                    "history.camel.yaml",
                    "initialDelay: 60000\n        delay: 60000",
                    "initialDelay: 100\n        delay: 100")
            .edit("errors.camel.yaml", "delay: 1000\n              multiplier", "delay: 50\n              multiplier");

    @BeforeAll
    static void isOpen() {
        await("the history is open").ignoreExceptions().untilAsserted(() -> assertThat(
                        jdbc().queryForObject("select 1", Integer.class))
                .isEqualTo(1));
    }

    @Test
    void remembersAJobAndEachOfItsAttemptsWhenRedisHasForgotten() {
        AtomicInteger tries = new AtomicInteger();
        PIPELINE.fail(
                "worker-upsert",
                () -> tries.incrementAndGet() < 3 ? new IllegalStateException("a wheel came off") : null);
        String job = PIPELINE.upload("remembered");
        PIPELINE.await(job, "completed");
        awaitRow(job, "completed");

        forget(job);

        Answer answer = PIPELINE.api().get("/jobs/" + job);
        assertThat(answer.text("status")).isEqualTo("completed");
        assertThat(answer.text("product_id")).isEqualTo("remembered");
        assertThat(answer.text("model")).isNotEmpty();
        assertThat(answer.body().path("attempts").asInt()).isEqualTo(3);
        assertThat(answer.body().path("history").findValuesAsText("outcome"))
                .containsExactly("retrying", "retrying", "completed");
        assertThat(answer.body().at("/history/0/error").asText()).contains("a wheel came off");
        assertThat(answer.body().at("/history/2/model").asText()).isEqualTo(answer.text("model"));
        List<Map<String, Object>> attempts = jdbc().queryForList(
                        "select outcome, reason, worker from vitrine_job_attempt where job_id = ? order by attempt",
                        job);
        assertThat(attempts).extracting(row -> row.get("outcome")).containsExactly("retrying", "retrying", "completed");
        assertThat((String) attempts.get(0).get("reason")).contains("a wheel came off");
        assertThat((String) attempts.get(0).get("worker")).isNotEmpty();
    }

    @Test
    void findsTheJobsOfAProductWhateverItsIdHolds() {
        Map<String, String> jobs = new HashMap<>();
        for (String id : NastyIds.ALL) {
            jobs.put(id, PIPELINE.upload(id));
        }
        jobs.values().forEach(job -> {
            awaitRow(job, "completed");
            forget(job);
        });

        jobs.forEach((id, job) -> assertThat(PIPELINE.api()
                        .get("/jobs?product_id=" + NastyIds.encoded(id))
                        .body()
                        .findValuesAsText("job_id"))
                .as("jobs of %s", id)
                .containsExactly(job));
    }

    @Test
    void changesNothingWhenTheSameComesAgain() {
        String job = PIPELINE.upload("again");
        PIPELINE.await(job, "completed");
        PIPELINE.fail("history-done", onlyOnce(() -> new IllegalStateException("stopped dead before it was noted")));
        awaitRow(job, "completed");
        String other = PIPELINE.upload("behind");
        awaitRow(other, "completed");

        assertThat(count("select count(*) from vitrine_job_attempt where job_id = ?", job))
                .isEqualTo(1);
        assertThat(count("select count(*) from vitrine_job where job_id = ?", job))
                .isEqualTo(1);
    }

    @Test
    void waitsWhileTheDatabaseIsAway() {
        PIPELINE.fail("history-job", onlyOnce(() -> new SQLException("the database went away")));
        String job = PIPELINE.upload("waits");

        awaitRow(job, "completed");
    }

    @Test
    void putsAsideWhatTheDatabaseRefuses() {
        PIPELINE.fail("history-attempt", onlyOnce(() -> new DataIntegrityViolationException("never that")));
        PIPELINE.await(PIPELINE.upload("refused"), "completed");
        await().until(() ->
                PIPELINE.api().get("/observe/metrics").response().body().contains("vitrine_history_dropped_total 1.0"));

        String next = PIPELINE.upload("not-refused");
        awaitRow(next, "completed");
    }

    @Test
    void leavesTheDeletingToAnotherProcessThatSeesToIt() {
        StringRedisTemplate redis =
                PIPELINE.context().getRegistry().lookupByNameAndType("redis", StringRedisTemplate.class);
        redis.opsForValue().set("{vitrine}:upkeep:history", "another", Duration.ofMinutes(1));
        int left = PIPELINE.begun("history-retention-not-now");
        await().until(() -> PIPELINE.begun("history-retention-not-now") > left + 1);
        redis.delete("{vitrine}:upkeep:history");
    }

    @Test
    void forgetsWhatIsOlderThanItShallBe() {
        jdbc().update(
                        "insert into vitrine_job (job_id, product_id, status, attempts, created_at, changed_at) values"
                                + " ('ancient', 'p', 'completed', 1, timestamp '2001-01-01 00:00:00', timestamp '2001-01-01 00:00:00')");
        await().ignoreExceptions()
                .until(() -> count("select count(*) from vitrine_job where job_id = ?", "ancient") == 0);
    }

    private static java.util.function.Supplier<Exception> onlyOnce(java.util.function.Supplier<Exception> failure) {
        AtomicInteger times = new AtomicInteger();
        return () -> times.incrementAndGet() == 1 ? failure.get() : null;
    }

    private static void awaitRow(String job, String status) {
        await("the history has job " + job)
                .ignoreExceptions() // while it is away
                .until(() ->
                        count("select count(*) from vitrine_job where status = '" + status + "' and job_id = ?", job)
                                == 1);
    }

    private static void forget(String job) {
        StringRedisTemplate redis =
                PIPELINE.context().getRegistry().lookupByNameAndType("redis", StringRedisTemplate.class);
        redis.execute((RedisCallback<Long>) connection -> connection
                .keyCommands()
                .del(("{vitrine}:job:" + job).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static int count(String sql, String job) {
        return jdbc().queryForObject(sql, Integer.class, job);
    }

    private static JdbcTemplate jdbc() {
        return new JdbcTemplate(
                PIPELINE.context().getRegistry().lookupByNameAndType("historyDatabase", DataSource.class));
    }
}
