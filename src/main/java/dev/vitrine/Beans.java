package dev.vitrine;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vitrine.api.Jobs;
import dev.vitrine.api.PartFailures;
import dev.vitrine.api.Products;
import dev.vitrine.api.Searches;
import dev.vitrine.api.Stats;
import dev.vitrine.api.Texts;
import dev.vitrine.clip.ClipModel;
import dev.vitrine.http.Answers;
import dev.vitrine.http.Multipart;
import dev.vitrine.http.Problems;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.indexing.Deletions;
import dev.vitrine.indexing.Images;
import dev.vitrine.indexing.Indexer;
import dev.vitrine.indexing.Worklist;
import dev.vitrine.intake.BackPressure;
import dev.vitrine.intake.Downloads;
import dev.vitrine.intake.Inbox;
import dev.vitrine.intake.Intake;
import dev.vitrine.intake.Room;
import dev.vitrine.intake.Sources;
import dev.vitrine.intake.Uploads;
import dev.vitrine.job.JobStore;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.ops.RedisBreaker;
import dev.vitrine.ops.RouteOverview;
import dev.vitrine.ops.Upkeep;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.reload.RouteState;
import dev.vitrine.spool.Spool;
import dev.vitrine.spool.Tombstones;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the routes may name: beans made of the service's parts, and properties.
 *
 * @param uploads where requests are received
 * @param queue empty where the service runs without one
 */
record Beans(
        Settings settings,
        Spool spool,
        Path uploads,
        Optional<JobQueue> queue,
        Optional<JobStore> redisJobs,
        RedisBreaker breaker,
        ClipModel model,
        PicturePreparer pictures,
        CollectionIndexes indexes,
        MeterRegistry meters,
        Supplier<RouteState> routeState) {

    static final String QUEUE = "vitrine";

    private static final int PICTURES_A_SESSION = 16;
    private static final int LOCAL_JOBS = 10_000;
    private static final Duration INBOX_SETTLE = Duration.ofSeconds(1);
    private static final Duration INBOX_PATIENCE = Duration.ofSeconds(30);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofSeconds(30);

    /** The beans without anything behind them, for checking routes: they can be resolved, not called. */
    static Beans withoutParts(Settings settings) {
        return new Beans(
                settings,
                new Spool(settings.dataDir().resolve("spool")),
                settings.dataDir().resolve("uploads"),
                Optional.empty(),
                Optional.empty(),
                RedisBreaker.alwaysOpen(),
                null,
                new PicturePreparer(Preprocessing.clip(), 1, 1, true, false),
                new CollectionIndexes(null, indexSettings(settings), null, settings.collections()),
                new SimpleMeterRegistry(),
                RouteState::fixed);
    }

    /** Where the main collection is. */
    static IndexSettings indexSettings(Settings settings) {
        return new IndexSettings(
                settings.qdrantUrl(),
                settings.qdrantApiKey(),
                settings.collection(),
                settings.dataDir().resolve("index"),
                IndexSettings.DEFAULT_DEADLINE);
    }

    /** The beans by the name that routes use. */
    Map<String, Object> byName() {
        Clock clock = Clock.systemUTC();
        String modelName = model == null ? "" : model.name();
        PictureInspector inspector = new PictureInspector(settings.maxPixels());
        LocalJobStore localJobs = new LocalJobStore(LOCAL_JOBS);
        Multipart multipart = new Multipart();
        Uploads receiver = new Uploads(uploads, settings.maxUploadBytes());
        BackPressure pressure =
                new BackPressure(queue, breaker, spool.folder(), settings.maxQueue(), settings.minFreeBytes());

        Intake intake = new Intake(inspector, settings.maxUploadBytes(), indexes::known, clock);
        Tombstones tombstones = new Tombstones(settings.dataDir().resolve("deleted"));

        Map<String, Object> beans = new LinkedHashMap<>();
        beans.put("json", new ObjectMapper());
        beans.put("spool", spool);
        beans.put("redisBreaker", breaker.breaker());
        beans.put("multipart", multipart);
        beans.put("backPressure", pressure);
        beans.put("inbox", new Inbox(INBOX_SETTLE, INBOX_PATIENCE, inspector, clock, pressure::isOff));
        beans.put("intake", intake);
        beans.put("pictures", pictures);
        beans.put("images", new Images(model == null ? null : model.images()));
        beans.put("texts", new Texts(model));
        beans.put("indexer", new Indexer(indexes, modelName, clock));
        beans.put("worklist", new Worklist(spool, redisJobs.orElse(localJobs), indexes, tombstones));
        beans.put("deletions", new Deletions(tombstones, indexes));
        beans.put("jobs", new Jobs(queue, redisJobs, localJobs, modelName));
        beans.put("searches", new Searches(indexes, modelName, multipart));
        beans.put("products", new Products(indexes, tombstones, intake::nextVersion));
        beans.put("stats", new Stats(queue, indexes.of(null), model == null ? null : figures(), routeState));
        beans.put("routes", new RouteOverview(meters));
        beans.put("inspector", inspector);
        beans.put("room", new Room(pressure::isOff));
        beans.put("uploads", receiver);
        beans.put("sources", new Sources(receiver));
        beans.put("downloads", new Downloads(receiver, settings.fetchHosts(), DOWNLOAD_LIMIT));
        beans.put("answers", new Answers());
        beans.put("problems", new Problems(PartFailures::problem));
        beans.put(
                "upkeep",
                new Upkeep(spool, tombstones, queue, breaker, uploads, settings.jobTtl(), settings.workerId(), meters));
        return beans;
    }

    /** The properties that routes use as placeholders. */
    static Map<String, String> properties(Settings settings, String model, boolean hasQueue) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("vitrine.home", settings.home().toString());
        properties.put("vitrine.http.host", settings.httpHost());
        properties.put("vitrine.http.port", Integer.toString(settings.httpPort()));
        properties.put("vitrine.role.api", Boolean.toString(settings.role().isApi()));
        properties.put("vitrine.role.worker", Boolean.toString(settings.role().isWorker() && hasQueue));
        properties.put("vitrine.spool", settings.dataDir().resolve("spool").toString());
        properties.put("vitrine.inbox", settings.inbox().toString());
        properties.put("vitrine.inbox.delay", "500");
        properties.put("vitrine.model.name", model);
        properties.put("vitrine.queue.name", QUEUE);
        properties.put("vitrine.queue.keys", "{" + QUEUE + "}");
        properties.put("vitrine.queue.consumers", Integer.toString(settings.workers() * PICTURES_A_SESSION));
        properties.put("vitrine.upkeep.period", "60000");
        return properties;
    }

    private Stats.ModelFigures figures() {
        return new Stats.ModelFigures(
                model.name(), model.isDemo(), model.fingerprint(), model.dimensions(), model.hasTexts());
    }
}
