package dev.vitrine.callbacks;

import dev.vitrine.http.HttpPart;
import dev.vitrine.http.outbound.OutboundHttp;
import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.meter.Samples;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueGauges;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.settings.InvalidSettingException;
import dev.vitrine.spool.SpoolPart;
import dev.vitrine.store.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Webhooks, or that there are none. */
public final class CallbacksPart implements Part {
    private static final String QUEUE = "vitrine-callbacks";

    /** Receivers that are slow hold a thread each for up to 20 s, so there are more than anybody else needs. */
    private static final int CONSUMERS = 64;

    private static final int PERIOD_MILLIS = 60_000;

    private final CallbackSettings settings;
    private final Path folder;
    private final boolean isWorker;
    private final QueuePart queue;
    private final SpoolPart spool;
    private final HttpPart http;
    private final Samples samples;
    private final MeterRegistry registry;
    private final Clock clock;
    private Optional<Callbacks> callbacks = Optional.empty();
    private Optional<CallbackSender> sender = Optional.empty();
    private Optional<QueueGauges> gauges = Optional.empty();
    private Optional<OutboundHttp> outbound = Optional.empty();

    /**
     * @param dataDir the data folder
     * @param isWorker whether this process sends them
     */
    public CallbacksPart(
            CallbackSettings settings,
            Path dataDir,
            boolean isWorker,
            QueuePart queue,
            SpoolPart spool,
            HttpPart http,
            Samples samples,
            MeterRegistry registry,
            Clock clock) {
        this.settings = settings;
        this.folder = dataDir.resolve("callbacks");
        this.isWorker = isWorker;
        this.queue = queue;
        this.spool = spool;
        this.http = http;
        this.samples = samples;
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public void open() throws IOException {
        CallbackMeters meters = new CallbackMeters(registry);
        if (!settings.isOn()) {
            return;
        }
        JobQueue jobs = queue.queue()
                .orElseThrow(
                        () -> new InvalidSettingException(
                                "VITRINE_CALLBACK_HOSTS needs a queue, and"
                                        + " VITRINE_REDIS_URL is none; without a queue the answer to an upload says how its job ended"));
        JobQueue messages = queue.queue(QUEUE).orElseThrow();
        callbacks = Optional.of(new Callbacks(
                settings, store(), spool.spool(), jobs, messages, queue.breaker()::isClosed, meters, clock));
        outbound = Optional.of(http.outbound(settings.hosts()));
        sender = outbound.map(
                client -> new CallbackSender(client, settings.secrets(), new Receivers(clock::millis), clock));
        gauges = Optional.of(new QueueGauges(registry, samples, messages));
    }

    private CallbackStore store() throws IOException {
        Optional<ObjectStore> bucket = spool.beside("callbacks");
        return bucket.isPresent() ? new ObjectCallbacks(bucket.get()) : new FolderCallbacks(folder).open();
    }

    /** Where the ends of jobs are told; may be asked for before the part is open. */
    public JobEvents events() {
        return new JobEvents() {
            @Override
            public void ending(Job job) {
                callbacks.ifPresent(open -> open.ending(job));
            }

            @Override
            public void ended(JobEvent event) {
                callbacks.ifPresent(open -> open.ended(event));
            }
        };
    }

    /** Why nobody can be told at a URL, in words that go on after a name; empty where somebody can. */
    public Optional<String> refusal(String url) {
        return settings.refusal(url);
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("callbacks", Callbacks.class, () -> callbacks.orElse(null)),
                Offer.of("callbackSender", CallbackSender.class, () -> sender.orElse(null)));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "vitrine.callbacks.sent", Boolean.toString(isWorker && settings.isOn()),
                "vitrine.callbacks.queue", QUEUE,
                "vitrine.callbacks.period", Integer.toString(PERIOD_MILLIS),
                "vitrine.callbacks.consumers", Integer.toString(CONSUMERS));
    }

    @Override
    public void close() {
        gauges.ifPresent(QueueGauges::close);
        outbound.ifPresent(OutboundHttp::close);
    }
}
