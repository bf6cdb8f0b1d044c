package dev.vitrine;

import dev.vitrine.api.ApiPart;
import dev.vitrine.api.QueryRules;
import dev.vitrine.api.SearchPart;
import dev.vitrine.archive.ArchivePart;
import dev.vitrine.callbacks.CallbacksPart;
import dev.vitrine.catalogue.ImportsPart;
import dev.vitrine.clip.EncoderPart;
import dev.vitrine.decoder.PicturesPart;
import dev.vitrine.history.HistoryPart;
import dev.vitrine.http.HttpPart;
import dev.vitrine.index.IndexPart;
import dev.vitrine.indexing.FailureKinds;
import dev.vitrine.indexing.IndexingPart;
import dev.vitrine.intake.Intake;
import dev.vitrine.intake.IntakePart;
import dev.vitrine.job.JobListeners;
import dev.vitrine.meter.Samples;
import dev.vitrine.ops.MeterNames;
import dev.vitrine.ops.OpsPart;
import dev.vitrine.part.Offer;
import dev.vitrine.part.OpenParts;
import dev.vitrine.part.Part;
import dev.vitrine.queue.JobObservers;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.reindex.Generation;
import dev.vitrine.reindex.ReindexPart;
import dev.vitrine.reindex.StateFile;
import dev.vitrine.reload.RouteState;
import dev.vitrine.reload.RoutesPart;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import dev.vitrine.settings.UsableFolder;
import dev.vitrine.spool.SpoolPart;
import dev.vitrine.trace.TracePart;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;

/** The service: a list of parts, opened in their order and closed in the opposite one. The only place that knows them all. */
public final class Vitrine implements AutoCloseable {
    private final Settings settings;
    private final HistoryPart history;
    private final Runnable ready;
    private final RoutesPart routes;
    private final CamelPart camel;
    private final List<Part> parts;
    private final OpenParts open = new OpenParts();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Vitrine(Settings settings) {
        this.settings = settings;
        Path data = settings.dataDir();
        Path uploads = data.resolve("uploads");
        Path models = settings.home().resolve("models");
        Settings.Role role = settings.role();
        long room = settings.intake().minFreeBytes();
        Clock clock = Clock.systemUTC();
        MeterRegistry meters = MeterNames.registry();
        Samples samples = new Samples(meters);
        StateFile state = new StateFile(data);
        EncoderPart encoder = new EncoderPart(
                state.serving(settings.model()), models, data.resolve("cache"), settings.pictures(), meters);
        SpoolPart spool = new SpoolPart(settings.spool(), data, uploads, clock);
        ArchivePart archive = new ArchivePart(settings.archive(), uploads);
        TracePart traces = new TracePart(settings.traces(), spool.spool()::traceparent);
        history =
                new HistoryPart(settings.history(), data.resolve("history"), role == Settings.Role.ALL, meters, clock);
        JobListeners ends = new JobListeners(history.events());
        QueuePart queue = new QueuePart(
                settings.redis(),
                data.resolve("redis"),
                settings.workerId(),
                role.isWorker(),
                role.isApi(),
                settings.model().picturesAtOnce(),
                new JobObservers(ends, new FailureKinds()::of, traces.jobs()));
        PicturesPart pictures = new PicturesPart(settings.pictures(), encoder::preprocessing, meters);
        IndexPart index = new IndexPart(
                settings.index(), state.generation(), settings.pictures(), () -> Generation.space(encoder.model()));
        index.keepThumbnails(spool.beside("thumbnails"));
        ReindexPart reindex = new ReindexPart(state, encoder, pictures, index, archive, role.isWorker(), room);
        HttpPart http = new HttpPart(
                settings.http(),
                settings.intake().maxUploadBytes(),
                uploads,
                Intake.FIELDS,
                new QueryRules(),
                settings.index().collection(),
                queue::buckets,
                meters);
        http.trace(traces.requests());
        CallbacksPart callbacks = new CallbacksPart(
                settings.callbacks(), data, role.isWorker(), queue, spool, http, samples, meters, clock);
        ends.add(callbacks.events());
        IntakePart intake = new IntakePart(
                settings.intake(), uploads, role.isApi(), pictures, index, queue, spool, http, callbacks, clock);
        IndexingPart indexing = new IndexingPart(reindex, index, queue, spool, ends, meters, clock);
        OpsPart ops = new OpsPart(spool, queue, index, settings.ops(uploads), samples, meters);
        routes = new RoutesPart(settings.routes(), settings.home(), http.gate(), this::check);
        ApiPart api = new ApiPart(http, reindex, index, queue, spool, intake, history::store, ends, routes::state);
        parts = List.of(
                traces,
                encoder,
                spool,
                archive,
                history,
                queue,
                pictures,
                index,
                reindex,
                intake,
                indexing,
                http,
                callbacks,
                routes,
                api,
                new ImportsPart(settings.intake(), data.resolve("imports"), http, api, reindex, clock),
                new SearchPart(http, index, reindex, indexing, role.isApi(), meters),
                ops);
        camel = new CamelPart(settings, parts, http, routes, ops);
        ready = () -> new ReadyNote(settings, encoder.model(), index.main().place(), queue.place()).say();
    }

    /**
     * Starts the service and returns when it takes requests.
     *
     * @throws RuntimeException when a part cannot start; its message says what to do
     */
    public static Vitrine start(Settings settings) {
        settings.warn();
        Vitrine vitrine = new Vitrine(settings);
        try {
            vitrine.open();
            return vitrine;
        } catch (Throwable e) {
            vitrine.close();
            throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Checks route files as this installation would run them, without starting a part of it. */
    public static List<Finding> checkRoutes(Settings settings, List<RouteSource> files) throws Exception {
        return new Vitrine(settings).check().check(files);
    }

    /** What routes may name, of an installation with these settings. */
    static List<Offer<?>> offers(Settings settings) {
        return new Vitrine(settings)
                .parts.stream().<Offer<?>>flatMap(part -> part.beans().stream()).toList();
    }

    /** Where the service answers. */
    public String url() {
        return settings.http().url();
    }

    /** The running Camel context. */
    public CamelContext context() {
        return camel.context();
    }

    /** Whether the routes that run are those in the files. */
    public RouteState routeState() {
        return routes.state();
    }

    /** Returns when the service is closed. */
    public void join() throws InterruptedException {
        closed.await();
    }

    /** Finishes what is in flight, gives the rest back to the queue, and stops every part. */
    @Override
    public void close() {
        open.close();
        closed.countDown();
    }

    private void open() throws Exception {
        new UsableFolder("VITRINE_DATA_DIR", settings.dataDir()).make(new OwnerOnly(settings.dataDir())::create);
        for (Part part : parts) {
            open.open(part);
        }
        open.open(camel);
        open.add(routes.watch(camel.context()));
        ready.run();
        history.begin();
    }

    private RouteCheck check() {
        return camel.check();
    }
}
