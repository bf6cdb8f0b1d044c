package dev.vitrine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.HttpApi.Answer;
import dev.vitrine.testing.PostgresServer;
import dev.vitrine.testing.RunningVitrine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The history with ten million jobs in a real PostgreSQL, whose disk is one: {@code mvn -B test -Dexcluded.groups=
 * -Dtest=HistoryAtScaleTest}. {@code -Dhistory.rows=N} for another number.
 */
@Tag("slow")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HistoryAtScaleTest {
    private static final int ROWS = Integer.getInteger("history.rows", 10_000_000);
    private static final int ASKED = 60;
    private static final double MOST_MS_A_PAGE = 50;
    private static final double MOST_MS_AN_INSERT = 20;

    @TempDir
    private static Path folder;

    private static PostgresServer server;
    private static JdbcTemplate jdbc;

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void fill() {
        server = PostgresServer.startDurable();
        jdbc = new JdbcTemplate(new DriverManagerDataSource(server.url()));
        try (HistoryDatabase database = database()) {
            long start = System.nanoTime();
            new HistoryRows(jdbc).make(ROWS);
            System.out.printf("%,d jobs made in %.0f s%n", ROWS, (System.nanoTime() - start) / 1e9);
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static HistoryDatabase database() {
        HistoryDatabase database = new HistoryDatabase(settings(), folder);
        database.begin();
        await("the database is open").atMost(Duration.ofSeconds(30)).until(database::isUp);
        return database;
    }

    private static HistorySettings settings() {
        return new HistorySettings(server.url(), Duration.ofSeconds(ROWS / 10 * 9), Duration.ofDays(36_500), 1 << 28);
    }

    @Test
    @Order(1)
    void answersAPageOfJobsWithEachFilterIn50Ms() {
        try (RunningVitrine service =
                RunningVitrine.start(folder.resolve("data"), Map.of("VITRINE_HISTORY_URL", server.url()))) {
            await("history UP").atMost(Duration.ofSeconds(30)).until(() -> service.api()
                    .get("/observe/health")
                    .response()
                    .body()
                    .contains("\"name\":\"history\",\"status\":\"UP\""));
            String deep = Instant.now()
                    .minusSeconds(ROWS / 2)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
            String lately = Instant.now()
                    .minus(Duration.ofHours(1))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
            Map<String, Double> p95 = new HashMap<>();
            for (String query : List.of(
                    "",
                    "limit=1000",
                    "status=completed",
                    "status=failed",
                    "status=failed&limit=1000",
                    "product_id=product-7919",
                    "product_id=not-there",
                    "product_id=product-0&status=failed",
                    "product_id=product-7919&status=completed",
                    "status=failed&reason=number",
                    "reason=damaged",
                    "since=" + lately,
                    "until=" + deep,
                    "since=" + deep + "&until=" + lately,
                    "status=failed&since=" + deep)) {
                p95.put(query, p95(service, "/jobs?" + query));
            }
            assertThat(p95).allSatisfy((query, ms) -> assertThat(ms).as(query).isLessThanOrEqualTo(MOST_MS_A_PAGE));
        }
    }

    /** Of pages that follow each other by their cursors, ms. */
    private static double p95(RunningVitrine service, String path) {
        HttpApi api = service.api().offContract(); // or the time to compare with the contract counts
        List<Double> times = new ArrayList<>();
        String cursor = null;
        for (int i = 0; i < ASKED; i++) {
            long start = System.nanoTime();
            Answer answer =
                    api.get(path + (cursor == null ? "" : (path.endsWith("?") ? "" : "&") + "cursor=" + cursor));
            double ms = (System.nanoTime() - start) / 1e6;
            assertThat(answer.status()).as(path).isEqualTo(200);
            if (i >= ASKED / 3) {
                times.add(ms); // the first ones warm the service up
            }
            JsonNode next = answer.body().path("next_cursor");
            cursor = next.isTextual() ? next.asText() : null;
        }
        return report(path, times, 0.95);
    }

    private static double report(String what, List<Double> times, double part) {
        List<Double> sorted = times.stream().sorted().toList();
        double value = sorted.get((int) Math.ceil(part * sorted.size()) - 1);
        System.out.printf(
                "%-60s median %6.1f  p%.0f %6.1f  most %6.1f ms%n",
                what, sorted.get(sorted.size() / 2), part * 100, value, sorted.get(sorted.size() - 1));
        return value;
    }

    /** As while nothing is deleted, what the route puts in twice a second is put in while old jobs go. */
    @Test
    @Order(2)
    void insertsIn20MsWhileOldJobsAreDeleted() {
        try (HistoryDatabase database = database()) {
            double alone =
                    report("insert of 20 attempts, alone", inserts(500, CompletableFuture.completedFuture(0)), 0.99);
            History history = new History(Optional.of(database), Optional.empty(), settings(), Clock.systemUTC());
            long start = System.nanoTime();
            CompletableFuture<Integer> deleting = CompletableFuture.supplyAsync(history::expire);
            List<Double> meanwhile = inserts(200, deleting);
            int deleted = deleting.join();
            System.out.printf(
                    "%,d jobs deleted in %.0f s, %,d inserts meanwhile%n",
                    deleted, (System.nanoTime() - start) / 1e9, meanwhile.size());
            assertThat(deleted).as("too few to tell").isGreaterThan(ROWS / 100);
            double p99 = report("insert of 20 attempts, during deletion", meanwhile, 0.99);
            assertThat(p99).as("alone it is " + alone).isLessThanOrEqualTo(MOST_MS_AN_INSERT);
        }
    }

    private static List<Double> inserts(int least, CompletableFuture<?> until) {
        SingleConnectionDataSource connection = new SingleConnectionDataSource(server.url(), true);
        try {
            RouteInserts inserts = new RouteInserts(new NamedParameterJdbcTemplate(connection));
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < least || !until.isDone(); i++) {
                List<Map<String, Object>> rows = RouteInserts.rows(20);
                long start = System.nanoTime();
                inserts.run(rows);
                times.add((System.nanoTime() - start) / 1e6);
            }
            return times;
        } finally {
            connection.destroy();
        }
    }
}
