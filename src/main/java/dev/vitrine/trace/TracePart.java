package dev.vitrine.trace;

import dev.vitrine.http.RequestTraces;
import dev.vitrine.job.JobTraces;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.settings.InvalidSettingException;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** OpenTelemetry, or that nothing is traced. An agent that is in the process already is used as it is. */
public final class TracePart implements Part {
    private static final String NAME = "vitrine";
    private static final String AGENT = "io.opentelemetry.javaagent.OpenTelemetryAgent";
    private static final long FLUSH_SECONDS = 2;

    /** How Kamelets hand over, and what routes count. */
    private static final String UNTRACED = "kamelet://source*,kamelet://sink*,micrometer://*";

    /** What an operator who names a collector, and nothing else, wants. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", NAME,
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private final TraceSettings settings;
    private final Function<String, Optional<String>> traceparents;
    private Optional<OpenTelemetrySdk> sdk = Optional.empty();
    private OpenTelemetry telemetry = OpenTelemetry.noop();
    private volatile JobTraces jobs = JobTraces.NONE;
    private volatile RequestTraces requests = RequestTraces.NONE;

    /** @param traceparents gives what was noted with a job when it was made, by the job's id */
    public TracePart(TraceSettings settings, Function<String, Optional<String>> traceparents) {
        this.settings = settings;
        this.traceparents = traceparents;
    }

    @Override
    public void open() {
        if (!settings.areOn()) {
            return;
        }
        telemetry = hasAgent() ? GlobalOpenTelemetry.get() : configured();
        Tracer tracer = telemetry.getTracer(NAME);
        jobs = new JobSpans(tracer, traceparents);
        requests = new RequestSpans(tracer, telemetry.getPropagators().getTextMapPropagator());
    }

    private OpenTelemetry configured() {
        try {
            OpenTelemetrySdk made = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .addPropertiesCustomizer(config -> settings.properties())
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            sdk = Optional.of(made);
            return made;
        } catch (ConfigurationException | IllegalArgumentException e) {
            throw new InvalidSettingException("Traces cannot be sent as the OTEL_ variables say: " + e.getMessage());
        }
    }

    private static boolean hasAgent() {
        try {
            Class.forName(AGENT, false, ClassLoader.getSystemClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The traces of jobs; may be asked for before the part is open. */
    public JobTraces jobs() {
        return new JobTraces() {
            @Override
            public String created(String jobId) {
                return jobs.created(jobId);
            }

            @Override
            public Attempt begun(String jobId, int attempt) {
                return jobs.begun(jobId, attempt);
            }
        };
    }

    /** The traces of requests; may be asked for before the part is open. */
    public RequestTraces requests() {
        return (method, route, headers) -> requests.begun(method, route, headers);
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("tracer", Tracer.class, () -> settings.areOn() ? telemetry.getTracer("camel") : null),
                Offer.of(
                        "tracePropagators",
                        ContextPropagators.class,
                        () -> settings.areOn() ? telemetry.getPropagators() : null));
    }

    @Override
    public Map<String, String> properties() {
        return settings.areOn()
                ? Map.of("camel.opentelemetry2.enabled", "true", "camel.opentelemetry2.excludePatterns", UNTRACED)
                : Map.of();
    }

    @Override
    public void close() {
        sdk.ifPresent(open -> open.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
    }
}
