package dev.vitrine.history;

import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobStore;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The history of jobs, or that there is none. */
public final class HistoryPart implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryPart.class);
    private static final long RELEASE_MS = 500;
    private static final long ADOPT_S = 60;

    private final HistorySettings settings;
    private final Path folder;
    private final boolean isKept;
    private final MeterRegistry meters;
    private final Clock clock;
    private volatile JobEvents events = JobEvents.NONE;
    private Optional<HistoryDatabase> database = Optional.empty();
    private Optional<HistoryOutbox> outbox = Optional.empty();
    private Path ready;
    private OutboxFolder own;
    private ScheduledExecutorService releases;

    /**
     * @param folder of the outbox and of the embedded database
     * @param isAlone whether this process is the whole service, so that an embedded database can be its own
     */
    public HistoryPart(HistorySettings settings, Path folder, boolean isAlone, MeterRegistry meters, Clock clock) {
        this.settings = settings;
        this.folder = folder;
        this.isKept = !settings.isNone() && (isAlone || !settings.isEmbedded());
        this.meters = meters;
        this.clock = clock;
        this.ready = folder.resolve("outbox").resolve("0");
    }

    @Override
    public void open() throws IOException {
        if (!isKept) {
            if (!settings.isNone()) {
                LOG.info("No history of jobs: with several processes it needs PostgreSQL, VITRINE_HISTORY_URL");
            }
            return;
        }
        Files.createDirectories(folder);
        own = OutboxFolder.take(folder.resolve("outbox"));
        ready = own.path();
        Counter dropped = Counter.builder("vitrine.history.dropped")
                .description("Ends of attempts that the history will never have")
                .register(meters);
        HistoryOutbox box = new HistoryOutbox(ready, settings.buffer(), dropped::increment);
        outbox = Optional.of(box);
        events = box;
        HistoryDatabase data = new HistoryDatabase(settings, folder);
        database = Optional.of(data);
        Gauge.builder("vitrine.history.lag", this, HistoryPart::lagSeconds)
                .description("How long the longest waiting end of an attempt has waited for the history's database")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("vitrine.history.outbox", box, HistoryOutbox::waiting)
                .description("What waits on disk for the history's database")
                .baseUnit("bytes")
                .register(meters);
        releases = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "history-outbox");
            thread.setDaemon(true);
            return thread;
        });
        releases.scheduleWithFixedDelay(box::release, RELEASE_MS, RELEASE_MS, TimeUnit.MILLISECONDS);
        releases.scheduleWithFixedDelay(() -> adopt(box), ADOPT_S, ADOPT_S, TimeUnit.SECONDS);
    }

    private void adopt(HistoryOutbox box) {
        try {
            own.adopt(HistoryOutbox.SUFFIXES, box::adopt);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The history that a process left in {} waits", folder.resolve("outbox"), e);
        }
    }

    /** Opens the database, once the service takes requests: a start has more urgent things to do. */
    public void begin() {
        database.ifPresent(HistoryDatabase::begin);
    }

    /** Where the ends of attempts are told; may be asked for before the part is open. */
    public JobEvents events() {
        return new JobEvents() {
            @Override
            public void decided(JobEvent event) {
                events.ended(event);
            }

            @Override
            public void ended(JobEvent event) {
                if (!event.outcome().isTerminal()) {
                    events.ended(event); // ends were told of when they were decided
                }
            }
        };
    }

    /** What the history knows; empty where none is kept. Only when the part is open. */
    public Optional<JobStore> store() {
        return database.map(HistoryStore::new);
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("history", History.class, this::history, this::history),
                Offer.of("historyDatabase", DataSource.class, this::source, Unreachable::new));
    }

    private History history() {
        return new History(database, outbox, settings, clock);
    }

    private DataSource source() {
        return database.<DataSource>map(data -> data).orElseGet(Unreachable::new);
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("vitrine.history.kept", Boolean.toString(isKept), "vitrine.history.outbox", ready.toString());
    }

    @Override
    public List<Probe> probes() {
        return database.map(data -> List.of(Probe.informative("history", data::check)))
                .orElse(List.of());
    }

    @Override
    public void close() throws IOException {
        if (releases != null) {
            releases.shutdownNow();
        }
        outbox.ifPresent(HistoryOutbox::close);
        database.ifPresent(HistoryDatabase::close);
        if (own != null) {
            own.close();
        }
    }

    private double lagSeconds() {
        long oldest = outbox.map(HistoryOutbox::oldest).orElse(0L);
        return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
    }
}
