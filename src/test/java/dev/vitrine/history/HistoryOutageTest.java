package dev.vitrine.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import dev.vitrine.testing.HttpApi;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.PostgresServer;
import dev.vitrine.testing.RunningVitrine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What an outage of the history's database costs: {@code mvn -B test -Dexcluded.groups= -Dtest=HistoryOutageTest}, on a
 * machine that does nothing else.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HistoryOutageTest {
    private static final int ROUNDS = Integer.getInteger("history.rounds", 7);
    private static final int UPLOADS = 300;
    private static final int CLIENTS = 4;
    private static final List<byte[]> PICTURES =
            IntStream.range(0, 20).mapToObj(Pictures::jpeg).toList();

    @TempDir
    private Path data;

    private PostgresServer server;
    private JdbcTemplate jdbc;

    @BeforeEach
    void start() {
        server = PostgresServer.start();
        jdbc = new JdbcTemplate(new DriverManagerDataSource(server.url()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void slowsNoJobByMoreThan5Percent() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(data, Map.of("VITRINE_HISTORY_URL", server.url()))) {
            awaitHistory(service, "UP");
            load(service, 2 * UPLOADS); // warms the service up
            List<Double> there = new ArrayList<>();
            List<Double> away = new ArrayList<>();
            List<Double> workThere = new ArrayList<>();
            List<Double> workAway = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                double start = processorSeconds();
                there.add(load(service, UPLOADS));
                workThere.add(processorSeconds() - start);
                server.kill();
                awaitHistory(service, "DOWN");
                start = processorSeconds();
                away.add(load(service, UPLOADS));
                workAway.add(processorSeconds() - start);
                server.up();
                awaitHistory(service, "UP");
            }
            System.out.printf(
                    "%d uploads: %.2f s with the database, %.2f s without%n", UPLOADS, median(there), median(away));
            double ratio = median(workAway) / median(workThere);
            System.out.printf(
                    "of the processors %.2f s with the database, %.2f s without: %.3f%n",
                    median(workThere), median(workAway), ratio);
            await("everything is in the history").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            jdbc.queryForObject("select count(*) from vitrine_job", Integer.class))
                    .isEqualTo((2 + 2 * ROUNDS) * UPLOADS));
            assertThat(ratio).isLessThanOrEqualTo(1.05);
        }
    }

    @Test
    void countsWhatTheBufferCannotHold() throws Exception {
        try (RunningVitrine service = RunningVitrine.start(
                data, Map.of("VITRINE_HISTORY_URL", server.url(), "VITRINE_HISTORY_BUFFER", "20KB"))) {
            awaitHistory(service, "UP");
            server.kill();
            awaitHistory(service, "DOWN");
            load(service, UPLOADS);
            server.up();
            awaitHistory(service, "UP");

            await("held and dropped are all")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        int held = jdbc.queryForObject("select count(*) from vitrine_job", Integer.class);
                        assertThat(held).isPositive();
                        assertThat(held + dropped(service)).isEqualTo(UPLOADS);
                    });
        }
    }

    /** How long it takes until all uploads are indexed, s. */
    private static double load(RunningVitrine service, int uploads) throws Exception {
        HttpApi api = service.api().offContract();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            long start = System.nanoTime();
            List<Future<String>> jobs = new ArrayList<>();
            for (int i = 0; i < uploads; i++) {
                String product = "product-" + i;
                byte[] picture = PICTURES.get(i % PICTURES.size());
                jobs.add(clients.submit(() -> api.upload(product, picture).text("job_id")));
            }
            String last = null;
            for (Future<String> job : jobs) {
                last = job.get();
            }
            String awaited = last;
            await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> api.get("/jobs/" + awaited).text("status").equals("completed")
                            && api.get("/stats").body().at("/queue/depth").asInt(-1) == 0);
            return (System.nanoTime() - start) / 1e9;
        } finally {
            clients.shutdownNow();
        }
    }

    private static int dropped(RunningVitrine service) {
        Matcher count = Pattern.compile("vitrine_history_dropped_total ([0-9.]+)")
                .matcher(service.api()
                        .offContract()
                        .get("/observe/metrics")
                        .response()
                        .body());
        return count.find() ? (int) Double.parseDouble(count.group(1)) : -1;
    }

    private static void awaitHistory(RunningVitrine service, String status) {
        await("history " + status).atMost(Duration.ofSeconds(30)).until(() -> service.api()
                .offContract()
                .get("/observe/health")
                .response()
                .body()
                .contains("\"name\":\"history\",\"status\":\"" + status));
    }

    /** What other programs do moves this less than the clock. */
    private static double processorSeconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
