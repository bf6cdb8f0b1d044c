package dev.vitrine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vitrine.job.JobCursor;
import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.part.Diagnosis;
import dev.vitrine.part.Diagnosis.Verdict;
import dev.vitrine.testing.NastyIds;
import dev.vitrine.testing.PgBouncer;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.PostgresServer;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The history in a real PostgreSQL. */
class HistoryPostgresTest {
    private static PostgresServer server;

    @TempDir
    private Path data;

    private JdbcTemplate jdbc;

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void connect() {
        jdbc = new JdbcTemplate(new DriverManagerDataSource(server.url()));
    }

    @AfterEach
    void empty() {
        jdbc.execute("drop table if exists vitrine_job_attempt, vitrine_job, vitrine_history_schema,"
                + " vitrine_history_migrations");
    }

    @Test
    void keepsEveryEndThroughAnOutageOfTheDatabase() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_HISTORY_URL", server.url()))) {
            awaitHistory(service, "UP");
            String first = upload(service, "first");
            awaitEnd(first);

            server.kill();
            List<String> meanwhile = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                meanwhile.add(upload(service, "meanwhile-" + i));
            }
            meanwhile.forEach(job -> service.awaitStatus(job, "completed"));
            awaitHistory(service, "DOWN");
            assertThat(service.api().get("/observe/health/ready").status()).isEqualTo(200);
            server.up();

            meanwhile.forEach(HistoryPostgresTest.this::awaitEnd);
            assertThat(jdbc.queryForObject("select count(*) from vitrine_job_attempt", Integer.class))
                    .isEqualTo(21);
        }
    }

    @Test
    void takesADatabaseThatComesLaterAndSaysWhyItIsAway() {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_HISTORY_URL", server.url("wrong")))) {
            awaitHistory(service, "DOWN");
            await().untilAsserted(() -> assertThat(health(service)).contains("password authentication failed"));
            assertThat(health(service)).doesNotContain("password=");
            assertThat(service.api().upload("p", Pictures.jpeg(1)).status()).isEqualTo(202);
        }
    }

    @Test
    void refusesTheSchemaOfANewerProgramInASentence() {
        open().close();
        jdbc.update("update vitrine_history_schema set least = ?", HistoryDatabase.SCHEMA + 1);
        try (HistoryDatabase database = database()) {
            await().untilAsserted(() -> assertThat(fault(database)).contains("newer program"));
        }
    }

    @Test
    void worksOnASchemaThatIsNewerAndStillKnowsIt() {
        open().close();
        jdbc.execute("alter table vitrine_job add column more text");
        jdbc.update(
                "insert into vitrine_history_migrations (installed_rank, version, description, type, script,"
                        + " installed_by, execution_time, success) values (99, '99', 'more', 'SQL', 'V99__more.sql', 'v', 1, true)");
        open().close();
    }

    @Test
    void letsTwoProcessesStartOnAnEmptyDatabase() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(CompletableFuture.runAsync(() -> open().close()));
        }
        starts.forEach(CompletableFuture::join);
        assertThat(jdbc.queryForObject("select count(*) from vitrine_history_schema", Integer.class))
                .isEqualTo(1);
    }

    /** A worker whose lease is over may fail what another one has completed. */
    @Test
    void keepsWhatIsCompletedSoWhateverComesAfterIt() {
        open().close();
        RouteInserts inserts = new RouteInserts(new NamedParameterJdbcTemplate(jdbc));
        Map<String, Object> completed = RouteInserts.rows(1).get(0);
        Map<String, Object> failed = new HashMap<>(completed);
        failed.putAll(Map.of(
                "outcome",
                "failed",
                "lease",
                "other",
                "finished",
                OffsetDateTime.now().plusSeconds(5)));

        inserts.run(List.of(completed));
        inserts.run(List.of(failed));
        assertThat(jdbc.queryForList("select status from vitrine_job", String.class))
                .containsExactly("completed");
        assertThat(jdbc.queryForObject("select count(*) from vitrine_job_attempt", Integer.class))
                .isEqualTo(2);

        jdbc.update("delete from vitrine_job");
        inserts.run(List.of(failed));
        inserts.run(List.of(failed, withFinish(completed, 9)));
        assertThat(jdbc.queryForList("select status from vitrine_job", String.class))
                .containsExactly("completed");
    }

    private static Map<String, Object> withFinish(Map<String, Object> row, int seconds) {
        Map<String, Object> later = new HashMap<>(row);
        later.put("finished", OffsetDateTime.now().plusSeconds(seconds));
        return later;
    }

    @Test
    void isSeenByTheDoctor() {
        assertThat(examine(server.url()))
                .allMatch(one -> one.verdict() == Verdict.GOOD)
                .extracting(Diagnosis::found)
                .anyMatch(found -> found.contains("version"))
                .anyMatch(found -> found.contains("made at the first start"))
                .anyMatch(found -> found.contains("the same to"));
        open().close();
        assertThat(examine(server.url())).extracting(Diagnosis::found).anyMatch(found -> found.contains("jobs in"));
        jdbc.update("update vitrine_history_schema set least = 99");
        assertThat(examine(server.url()))
                .filteredOn(one -> one.verdict() == Verdict.FAULT)
                .singleElement()
                .satisfies(one -> assertThat(one.found()).contains("newer program"));
        assertThat(examine(server.url("wrong")).get(0)).satisfies(one -> {
            assertThat(one.verdict()).isEqualTo(Verdict.FAULT);
            assertThat(one.found()).contains("password authentication failed");
            assertThat(one.advice()).contains("VITRINE_HISTORY_URL");
            assertThat(one.toString()).doesNotContain("password=");
        });
    }

    private List<Diagnosis> examine(String url) {
        return new HistoryExamination(settings(url), data, true, Clock.systemUTC()).run();
    }

    @Test
    void worksThroughPgBouncerInTransactionMode() {
        try (PgBouncer bouncer = PgBouncer.start(server)) {
            List<HistoryDatabase> processes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                HistoryDatabase process = new HistoryDatabase(settings(bouncer.url()), data);
                process.begin();
                processes.add(process);
            }
            try {
                processes.forEach(process -> await("open through PgBouncer")
                        .atMost(Duration.ofSeconds(30))
                        .until(process::isUp));
                List<CompletableFuture<Void>> writers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    RouteInserts inserts = new RouteInserts(new NamedParameterJdbcTemplate(processes.get(i % 2)));
                    writers.add(CompletableFuture.runAsync(() -> {
                        for (int n = 0; n < 20; n++) {
                            inserts.run(RouteInserts.rows(10));
                        }
                    }));
                }
                HistoryStore store = new HistoryStore(processes.get(0));
                while (!writers.stream().allMatch(CompletableFuture::isDone)) {
                    assertThat(pages(store, JobStatus.COMPLETED, "product-1")).doesNotHaveDuplicates();
                }
                writers.forEach(CompletableFuture::join);
                assertThat(pages(store, null, "product-1")).hasSize(160);
            } finally {
                processes.forEach(HistoryDatabase::close);
            }
        }
        assertThat(jdbc.queryForObject("select count(*) from vitrine_job_attempt", Integer.class))
                .isEqualTo(1_600);
        assertThat(jdbc.queryForObject("select count(*) from vitrine_history_schema", Integer.class))
                .isEqualTo(1);
    }

    private static HistorySettings settings(String url) {
        return new HistorySettings(url, Duration.ofDays(30), Duration.ofDays(365), 1_000_000);
    }

    @Test
    void pagesThroughJobsNewestFirst() {
        try (HistoryDatabase database = open()) {
            for (int i = 0; i < 25; i++) {
                jdbc.update(
                        "insert into vitrine_job (job_id, product_id, status, attempts, created_at, changed_at)"
                                + " values (?, ?, ?, 1, to_timestamp(?), to_timestamp(?))",
                        String.format("job-%02d", i),
                        "product-" + i % 2,
                        i % 5 == 0 ? "failed" : "completed",
                        1_000 + i / 3,
                        2_000 - i);
            }
            HistoryStore store = new HistoryStore(database);

            List<String> all = pages(store, null, null);
            assertThat(all).hasSize(25).doesNotHaveDuplicates().startsWith("job-24", "job-23", "job-22");
            assertThat(pages(store, JobStatus.FAILED, null))
                    .as("by their end")
                    .containsExactly("job-00", "job-05", "job-10", "job-15", "job-20");
            assertThat(pages(store, JobStatus.COMPLETED, "product-1")).hasSize(10);
            assertThat(store.list(JobStatus.QUEUED, null, 10, null).entries()).isEmpty();
        }
    }

    @Test
    void findsTheJobsOfAProductWhateverItsIdHolds() {
        try (HistoryDatabase database = open()) {
            for (String id : NastyIds.ALL) {
                jdbc.update(
                        "insert into vitrine_job (job_id, product_id, image_id, status, attempts, created_at, changed_at)"
                                + " values (?, ?, ?, 'completed', 1, now(), now())",
                        "of-" + Math.abs(id.hashCode()),
                        id,
                        id);
            }
            HistoryStore store = new HistoryStore(database);

            assertThat(NastyIds.ALL).allSatisfy(id -> assertThat(
                            store.list(null, id, 10, null).entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.job().imageId()).isEqualTo(id)));
        }
    }

    private static List<String> pages(HistoryStore store, JobStatus status, String product) {
        List<String> ids = new ArrayList<>();
        JobCursor next = null;
        do {
            JobListing page = store.list(status, product, 4, next);
            page.entries().stream().map(JobListing.Entry::job).map(JobState::id).forEach(ids::add);
            next = page.next();
        } while (next != null);
        return ids;
    }

    private static String upload(RunningVitrine service, String product) {
        return service.api().upload(product, Pictures.jpeg(product.hashCode())).text("job_id");
    }

    private void awaitEnd(String job) {
        await("job " + job + " in the history")
                .ignoreExceptions()
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        jdbc.queryForList("select 1 from vitrine_job where status = 'completed' and job_id = ?", job)
                                        .size()
                                == 1);
    }

    private static void awaitHistory(RunningVitrine service, String status) {
        await("history " + status).atMost(Duration.ofSeconds(20)).until(() -> health(service)
                .contains("\"name\":\"history\",\"status\":\"" + status));
    }

    private static String health(RunningVitrine service) {
        return service.api().get("/observe/health").response().body();
    }

    private HistoryDatabase open() {
        HistoryDatabase database = database();
        await("the database is open").atMost(Duration.ofSeconds(20)).until(database::isUp);
        return database;
    }

    private HistoryDatabase database() {
        HistoryDatabase database = new HistoryDatabase(settings(server.url()), data);
        database.begin();
        return database;
    }

    private static String fault(HistoryDatabase database) {
        try {
            database.check();
            return "";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }
}
