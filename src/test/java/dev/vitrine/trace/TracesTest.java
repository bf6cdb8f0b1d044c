package dev.vitrine.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.testing.Pictures;
import dev.vitrine.testing.RunningVitrine;
import dev.vitrine.trace.OtlpReceiver.Received;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a collector receives of uploads and their jobs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    private static Path folder;

    private static OtlpReceiver collector;
    private static RunningVitrine service;

    @BeforeAll
    static void start() throws Exception {
        collector = new OtlpReceiver();
        service = RunningVitrine.startOnCopy(
                folder.resolve("home"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(), "OTEL_BSP_SCHEDULE_DELAY", "100"));
    }

    @AfterAll
    static void stop() {
        service.close();
        collector.close();
    }

    private static String indexed(String product, String traceparent) {
        String job = service.api()
                .with("traceparent", traceparent)
                .upload(product, Pictures.jpeg(1))
                .text("job_id");
        service.awaitStatus(job, "completed");
        return job;
    }

    private static List<Received> attempts(String job) {
        return collector.spans().stream()
                .filter(span -> span.kind() == OtlpReceiver.CONSUMER)
                .filter(span -> job.equals(span.attributes().get("messaging.message.id")))
                .toList();
    }

    private static Received only(String trace, int kind) {
        List<Received> found = collector.spans().stream()
                .filter(span -> span.trace().equals(trace) && span.kind() == kind)
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void aTraceLeadsFromTheSendersThroughTheQueueToTheUpsert() {
        String job = indexed("traced", "00-" + TRACE + "-b7ad6b7169203331-01");
        await().atMost(Duration.ofSeconds(20)).until(() -> !attempts(job).isEmpty());

        Received server = only(TRACE, OtlpReceiver.SERVER);
        assertThat(server.parent()).isEqualTo("b7ad6b7169203331");
        assertThat(server.name()).isEqualTo("POST /index-product-with-image");
        assertThat(server.attributes())
                .containsEntry("http.route", "/index-product-with-image")
                .containsEntry("http.response.status_code", "202");
        Received created = only(TRACE, OtlpReceiver.PRODUCER);
        assertThat(created.name()).isEqualTo("create vitrine");
        Received attempt = only(TRACE, OtlpReceiver.CONSUMER);
        assertThat(attempt.parent()).isEqualTo(created.id());
        assertThat(attempt.name()).isEqualTo("process vitrine");
        assertThat(attempt.attributes())
                .containsEntry("messaging.system", "redis")
                .containsEntry("messaging.operation.type", "process")
                .containsEntry("messaging.destination.name", "vitrine")
                .containsEntry("messaging.message.id", job);
        Set<String> ids = collector.spans().stream()
                .filter(span -> span.trace().equals(TRACE))
                .map(Received::id)
                .collect(Collectors.toSet());
        assertThat(collector.spans())
                .filteredOn(span -> span.trace().equals(TRACE) && span != server)
                .allMatch(span -> ids.contains(span.parent()))
                .anyMatch(
                        span -> "vitrine-upsert-action".equals(span.attributes().get("url.path")))
                .noneMatch(
                        span -> span.attributes().getOrDefault("camel.uri", "").startsWith("kamelet://s"));
        assertThat(collector.services()).containsOnly("vitrine");
    }

    @Test
    void jobsThatFollowEachOtherShareNoTrace() {
        Set<String> jobs = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            String job = service.api().upload("one-" + i, Pictures.jpeg(i)).text("job_id");
            jobs.add(job);
            if (i % 3 == 0) {
                service.awaitStatus(job, "completed");
            }
        }
        jobs.forEach(job -> service.awaitStatus(job, "completed"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jobs.stream().allMatch(job -> attempts(job).size() == 1));

        assertThat(jobs.stream().map(job -> attempts(job).get(0).trace())).doesNotHaveDuplicates();
    }

    @Test
    @Order(Integer.MAX_VALUE) // no job comes to its end any more
    void aFurtherAttemptIsATraceOfItsOwnThatPointsToTheUploads() throws Throwable {
        service.reload(() -> service.edit(
                "kamelets/vitrine-upsert-action.kamelet.yaml",
                "        - bean:\n            id: upsert\n",
                "        - throwException:\n            id: fail\n"
                        + "            exceptionType: java.lang.IllegalStateException\n            message: not yet\n"
                        + "        - bean:\n            id: upsert\n"));
        String job = service.api().upload("again", Pictures.jpeg(2)).text("job_id");
        await().atMost(Duration.ofSeconds(20)).until(() -> attempts(job).size() >= 2);

        Received first = attempts(job).get(0);
        Received second = attempts(job).get(1);
        assertThat(first.attributes()).containsEntry("error.type", "other");
        assertThat(second.trace()).isNotEqualTo(first.trace());
        assertThat(second.parent()).isEmpty();
        assertThat(second.links()).containsExactly(first.trace());
        assertThat(second.attributes()).containsEntry("vitrine.job.attempt", "2");
    }

    @Test
    void nothingIsTracedUnlessAskedFor() {
        assertThat(TraceSettings.read(Map.of()).areOn()).isFalse();
        assertThat(TraceSettings.read(Map.of("OTEL_SERVICE_NAME", "x")).areOn()).isFalse();
        assertThat(TraceSettings.read(
                                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "OTEL_TRACES_EXPORTER", "none"))
                        .areOn())
                .isFalse();
        assertThat(TraceSettings.read(
                                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "OTEL_SDK_DISABLED", "true"))
                        .areOn())
                .isFalse();
        try (TracePart off = new TracePart(TraceSettings.read(Map.of()), id -> Optional.empty())) {
            off.open();
            assertThat(off.beans()).allMatch(bean -> bean.bean().get() == null);
            assertThat(off.properties()).isEmpty();
            assertThat(off.jobs().created("id")).isNull();
        }
    }

    @Test
    void aWrongVariableIsSaidAtTheStart() {
        for (Map<String, String> wrong : List.of(
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
                Map.of("OTEL_TRACES_EXPORTER", "carrier-pigeon"),
                Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"))) {
            TracePart part = new TracePart(TraceSettings.read(wrong), id -> Optional.empty());
            assertThatThrownBy(part::open)
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContaining("OTEL_");
        }
    }
}
