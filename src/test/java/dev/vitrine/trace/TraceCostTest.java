package dev.vitrine.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.vitrine.job.JobTraces.Attempt;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What traces cost while their collector is away, in processor time of the whole process. */
class TraceCostTest {
    /** A hundredth of what the model of clip-vit-b32 takes for a picture in a batch. */
    private static final Duration BOUND = Duration.ofNanos(650_000);

    /** Camel's spans of an upload and of the job's first attempt. */
    private static final int STEPS = 20;

    private static final int JOBS = 4_000;

    private static void job(TracePart part, Tracer camel, int number) {
        String id = "job-" + number;
        part.jobs().created(id);
        try (Attempt attempt = part.jobs().begun(id, 1)) {
            for (int i = 0; i < STEPS; i++) {
                Span span = camel.spanBuilder("step").startSpan();
                span.setAttribute("camel.uri", "direct://accept").setAttribute("exchangeId", attempt.traceId());
                span.makeCurrent().close();
                span.end();
            }
        }
    }

    @Test
    void aJobPaysLessThanAHundredthOfItsEmbedding() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        TraceSettings away = TraceSettings.read(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        try (TracePart part = new TracePart(away, id -> Optional.empty())) {
            part.open();
            Tracer camel = (Tracer) part.beans().get(0).bean().get();
            for (int i = 0; i < JOBS; i++) {
                job(part, camel, i);
            }
            long before = system.getProcessCpuTime();
            for (int i = 0; i < JOBS; i++) {
                job(part, camel, i);
            }
            Duration each = Duration.ofNanos((system.getProcessCpuTime() - before) / JOBS);

            System.out.printf("Traces with no collector: %d µs of processor time a job%n", each.toNanos() / 1_000);
            assertThat(each).isLessThan(BOUND);
        }
    }
}
