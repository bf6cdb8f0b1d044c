package dev.vitrine.ops;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.vitrine.clip.StuckEncoder;
import dev.vitrine.http.tls.TlsFiles;
import dev.vitrine.queue.RedisServer;
import dev.vitrine.testing.Certificates;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.PostgresServer;
import dev.vitrine.testing.PrometheusServer;
import dev.vitrine.testing.RunningVitrine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Each alert fires at a real Prometheus when that goes wrong which it is for. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertsUnderFaultsTest {
    /** Seconds for minutes; the expressions stay as they are. */
    private static final Map<String, String> PATIENCE =
            Map.of("[5m]", "[10s]", "[1h]", "[10s]", "> 600", "> 2", "> 300", "> 2");

    @TempDir
    private static Path folder;

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static RedisServer redis;
    private static PostgresServer postgres;
    private static RunningVitrine queued;
    private static RunningVitrine working;
    private static PrometheusServer prometheus;

    @BeforeAll
    static void start() throws Exception {
        redis = opened(new RedisServer(folder.resolve("redis"), "no").start());
        postgres = opened(PostgresServer.start());
        queued = opened(RunningVitrine.start(
                folder.resolve("queued"), Map.of("VITRINE_REDIS_URL", redis.url(), "VITRINE_ROLE", "api")));
        working =
                opened(RunningVitrine.start(folder.resolve("working"), Map.of("VITRINE_HISTORY_URL", postgres.url())));
        TlsFiles files = Certificates.make(folder, "ends", "-validity", "3")
                .write(new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem")));
        RunningVitrine full = opened(RunningVitrine.start(
                folder.resolve("full"),
                Map.of(
                        "VITRINE_TLS_CERT", files.certificate().toString(),
                        "VITRINE_TLS_KEY", files.key().toString(),
                        "VITRINE_MIN_FREE", "900000GB")));
        prometheus = opened(PrometheusServer.start(
                folder.resolve("prometheus"),
                Map.of("vitrine", url(queued), "working", url(working), "full", url(full), "encoder", stuckEncoder()),
                PATIENCE));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> prometheus.query("up == 1").size() == 4);
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static String url(RunningVitrine service) {
        return service.settings().http().url();
    }

    /** A service whose model came to no end is not to be had with the tiny one, so its encoder is shown alone. */
    private static String stuckEncoder() throws Exception {
        MeterRegistry meters = MeterNames.registry();
        opened(new StuckEncoder(meters));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/observe/metrics", exchange -> {
            byte[] text = ((PrometheusMeterRegistry) meters).scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
        opened(() -> server.stop(0));
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void awaitAlert(String alert, Map<String, String> labels) {
        await(alert + labels).atMost(Duration.ofSeconds(40)).until(() -> prometheus.fires(alert, labels));
    }

    @Test
    @Order(1)
    void aJobWaitsAndNoWorkerIsThere() {
        queued.api().upload("waits", Pictures.jpeg(1));

        awaitAlert("VitrineNoWorker", Map.of());
        awaitAlert("VitrineQueueBehind", Map.of());
    }

    @Test
    @Order(2)
    void redisHangs() {
        redis.pause();
        try {
            awaitAlert("VitrinePartDown", Map.of("part", "redis"));
        } finally {
            redis.resume();
        }
    }

    @Test
    @Order(3)
    void picturesAreDamaged() {
        for (int i = 0; i < 4; i++) {
            String job = working.api()
                    .upload("broken-" + i, Pictures.brokenPng(64, 64))
                    .text("job_id");
            working.awaitStatus(job, "failed");
        }
        awaitAlert("VitrineJobsFail", Map.of());
    }

    @Test
    @Order(4)
    void theDatabaseIsGone() {
        postgres.kill();
        String job = working.api().upload("unwritten", Pictures.jpeg(2)).text("job_id");
        working.awaitStatus(job, "completed");

        awaitAlert("VitrineHistoryBehind", Map.of());
        awaitAlert("VitrinePartDown", Map.of("part", "history"));
    }

    @Test
    @Order(5)
    void theDiskIsTooFullForUploads() {
        awaitAlert("VitrineSpoolDisk", Map.of());
    }

    @Test
    @Order(6)
    void theCertificateEndsInThreeDays() {
        awaitAlert("VitrineCertificateEnds", Map.of());
    }

    @Test
    @Order(7)
    void aRunOfTheModelDoesNotEnd() {
        awaitAlert("VitrineStuck", Map.of("part", "encoder"));
    }

    @Test
    @Order(8)
    void aProcessIsGone() {
        queued.close();

        awaitAlert("VitrineDown", Map.of());
    }
}
