package dev.vitrine.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.clip.ClipModel;
import dev.vitrine.http.HttpPart;
import dev.vitrine.http.Problems;
import dev.vitrine.index.IndexPart;
import dev.vitrine.intake.IntakePart;
import dev.vitrine.job.JobListeners;
import dev.vitrine.job.JobStore;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.queue.QueuePart;
import dev.vitrine.reindex.ReindexPart;
import dev.vitrine.reload.RouteState;
import dev.vitrine.spool.SpoolPart;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What clients can ask but searches. */
public final class ApiPart implements Part {
    private static final List<String> SEARCHES_BY_PICTURE = List.of("/search", "/search/by-picture");

    /** Several times what is decoded at once; more are refused before their pictures are received. */
    private static final int MOST_LARGE_SEARCHES = 8 * Runtime.getRuntime().availableProcessors();

    private final HttpPart http;
    private final ReindexPart reindex;
    private final IndexPart index;
    private final QueuePart queue;
    private final SpoolPart spool;
    private final IntakePart intake;
    private final Supplier<Optional<JobStore>> history;
    private final JobListeners events;
    private final Supplier<RouteState> routes;

    /**
     * @param history jobs that the queue has forgotten; empty where none are kept
     * @param events is told of jobs that were indexed while their client waited, and says how jobs ended
     * @param routes whether the routes that run are those in the files
     */
    public ApiPart(
            HttpPart http,
            ReindexPart reindex,
            IndexPart index,
            QueuePart queue,
            SpoolPart spool,
            IntakePart intake,
            Supplier<Optional<JobStore>> history,
            JobListeners events,
            Supplier<RouteState> routes) {
        this.http = http;
        this.reindex = reindex;
        this.index = index;
        this.queue = queue;
        this.spool = spool;
        this.intake = intake;
        this.history = history;
        this.events = events;
        this.routes = routes;
    }

    @Override
    public void open() {
        JobTimes times = new JobTimes();
        events.add(times);
        SEARCHES_BY_PICTURE.forEach(path -> http.boundLarge(path, MOST_LARGE_SEARCHES));
        http.events().tell(new Pulse(queue.queue(), stats()::read, times, Clock.systemUTC()));
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("jobs", Jobs.class, this::jobs),
                Offer.of(
                        "jobRetries",
                        JobRetries.class,
                        () -> new JobRetries(queue.queue(), queue.store(), index.mainName())),
                Offer.of("awaitedJobs", AwaitedJobs.class, () -> new AwaitedJobs(jobs(), new ObjectMapper())),
                Offer.of("products", Products.class, this::products),
                Offer.of("productChanges", ProductChanges.class, this::productChanges),
                Offer.of(
                        "thumbnails",
                        ThumbnailFiles.class,
                        () -> new ThumbnailFiles(index.collections(), index.servedThumbnails())),
                Offer.of(
                        "pointImport",
                        PointImport.class,
                        () -> new PointImport(index.collections(), reindex.owedVectors(), intake.versions()::follow)),
                Offer.of("productExport", ProductExport.class, () -> new ProductExport(index.collections())),
                Offer.of("productList", ProductList.class, () -> new ProductList(index.collections())),
                Offer.of(
                        "bulkDeletion",
                        BulkDeletion.class,
                        () -> new BulkDeletion(
                                index.collections(), spool.spool(), spool.tombstones(), intake.versions()::next)),
                Offer.of("stats", Stats.class, this::stats),
                Offer.of("problems", Problems.class, () -> new Problems(PartFailures::problem)));
    }

    /** What clients ask about products. */
    public Products products() {
        return new Products(
                index.collections(),
                spool.owedProducts(),
                spool.tombstones(),
                intake.versions()::next,
                index.thumbnails());
    }

    /** Changes what is said of pictures. */
    public ProductChanges productChanges() {
        return new ProductChanges(index.collections(), spool.owedProducts(), intake.intake());
    }

    /** What clients ask about jobs. */
    public Jobs jobs() {
        return new Jobs(
                queue.queue(),
                queue.store(),
                queue.local(),
                history.get(),
                events,
                index.mainName(),
                () -> reindex.generations().serving().model().name(),
                Clock.systemUTC());
    }

    private Stats stats() {
        return new Stats(
                queue.queue(),
                index.main(),
                () -> figures(reindex.generations().serving().model()),
                routes);
    }

    private static Stats.ModelFigures figures(ClipModel model) {
        return new Stats.ModelFigures(
                model.name(), model.isDemo(), model.fingerprint(), model.dimensions(), model.hasTexts());
    }
}
