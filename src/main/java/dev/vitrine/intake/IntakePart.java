package dev.vitrine.intake;

import dev.vitrine.callbacks.CallbacksPart;
import dev.vitrine.decoder.PicturesPart;
import dev.vitrine.http.HttpPart;
import dev.vitrine.index.IndexPart;
import dev.vitrine.intake.drop.Inbox;
import dev.vitrine.intake.idempotency.Idempotency;
import dev.vitrine.intake.idempotency.KeyMemories;
import dev.vitrine.intake.version.Versions;
import dev.vitrine.intake.version.VisibleVersions;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.settings.UsableFolder;
import dev.vitrine.spool.SpoolPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where pictures come in, and what is asked of them. */
public final class IntakePart implements Part {
    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(30);
    private static final int INBOX_DELAY_MILLIS = 500;

    private final IntakeSettings settings;
    private final Path uploads;
    private final boolean hasInbox;
    private final PicturesPart pictures;
    private final IndexPart index;
    private final QueuePart queue;
    private final SpoolPart spool;
    private final HttpPart http;
    private final CallbacksPart callbacks;
    private final Clock clock;
    private final Uploads receiver;
    private BackPressure pressure;
    private Versions versions;
    private Intake intake;
    private Inbox inbox;
    private Idempotency idempotency;

    /** Names this process's work folder in the drop folder, which no other process may have. */
    private final String process = UUID.randomUUID().toString();

    /**
     * @param uploads the folder that requests are received in
     * @param hasInbox whether this process looks into the drop folder
     */
    public IntakePart(
            IntakeSettings settings,
            Path uploads,
            boolean hasInbox,
            PicturesPart pictures,
            IndexPart index,
            QueuePart queue,
            SpoolPart spool,
            HttpPart http,
            CallbacksPart callbacks,
            Clock clock) {
        this.settings = settings;
        this.uploads = uploads;
        this.hasInbox = hasInbox;
        this.pictures = pictures;
        this.index = index;
        this.queue = queue;
        this.spool = spool;
        this.http = http;
        this.callbacks = callbacks;
        this.clock = clock;
        this.receiver = new Uploads(uploads, settings.maxUploadBytes());
    }

    @Override
    public void open() throws IOException {
        Files.createDirectories(uploads);
        if (hasInbox) {
            new UsableFolder("VITRINE_INBOX", settings.inbox()).make(() -> Files.createDirectories(settings.inbox()));
        }
        pressure = new BackPressure(
                queue.queue(), queue.breaker(), spool.spool().disk(), settings.maxQueue(), settings.minFreeBytes());
        versions = new Versions(
                queue.versions(),
                queue.breaker(),
                new VisibleVersions(index.collections(), spool.owedProducts(), spool.tombstones()),
                clock);
        versions.begin();
        intake = new Intake(
                pictures.inspector(),
                settings.maxUploadBytes(),
                index.collections()::known,
                callbacks::refusal,
                versions::next);
        http.use(intake::check);
        inbox = new Inbox(
                settings.inbox(),
                settings.inbox().resolve(".work").resolve(process),
                settings.maxUploadBytes(),
                pictures.inspector(),
                queue.store(),
                clock,
                pressure::hasRoom,
                intake::check);
        idempotency = newIdempotency();
    }

    private Idempotency newIdempotency() {
        KeyMemories memories = new KeyMemories(
                queue.queue().map(jobs -> queue.template()),
                "{" + queue.name() + "}:idempotency:",
                queue.breaker()::isClosed,
                clock);
        return new Idempotency(
                memories,
                Intake.FIELDS,
                id -> queue.store().flatMap(jobs -> jobs.find(id)).isPresent(),
                id -> spool.spool().owes(id)
                        || queue.local().find(id).isPresent()
                        || queue.store().flatMap(jobs -> jobs.find(id)).isPresent());
    }

    /** Checks uploads. */
    public Intake intake() {
        return intake;
    }

    /** Gives uploads and deletions their versions. */
    public Versions versions() {
        return versions;
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("backPressure", BackPressure.class, () -> pressure),
                Offer.of("intake", Intake.class, this::intake),
                Offer.of("idempotency", Idempotency.class, () -> idempotency),
                Offer.of("spooling", Spooling.class, () -> new Spooling(spool.spool(), queue.traces())),
                Offer.of("uploads", Uploads.class, () -> receiver),
                Offer.of("sources", Sources.class, () -> new Sources(receiver)),
                Offer.of(
                        "downloads",
                        Downloads.class,
                        () -> new Downloads(receiver, http.outbound(settings.fetchHosts()), DOWNLOAD_LIMIT)),
                Offer.of("room", Room.class, () -> new Room(pressure::hasRoom)),
                Offer.of("inbox", Inbox.class, () -> inbox));
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "vitrine.inbox", settings.inbox().toString(),
                "vitrine.inbox.process", process,
                "vitrine.inbox.delay", Integer.toString(INBOX_DELAY_MILLIS));
    }

    @Override
    public void close() throws IOException {
        if (inbox != null) {
            inbox.close();
        }
        if (idempotency != null) {
            idempotency.close();
        }
    }
}
