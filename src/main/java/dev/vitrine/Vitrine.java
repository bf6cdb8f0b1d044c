package dev.vitrine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.Device;
import dev.vitrine.clip.EncoderOptions;
import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.image.PictureInspector;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.index.IndexSettings;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ProductIndexes;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.ops.PartHealth;
import dev.vitrine.ops.RedisBreaker;
import dev.vitrine.ops.Upkeep;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisCheck;
import dev.vitrine.queue.RedisConnections;
import dev.vitrine.queue.RedisJobStore;
import dev.vitrine.spool.Spool;
import dev.vitrine.web.HttpFront;
import dev.vitrine.web.Inbox;
import dev.vitrine.web.Intake;
import dev.vitrine.web.Jobs;
import dev.vitrine.web.Multipart;
import dev.vitrine.web.Problems;
import dev.vitrine.web.Products;
import dev.vitrine.web.Searches;
import dev.vitrine.web.Stats;
import dev.vitrine.web.Texts;
import dev.vitrine.work.Images;
import dev.vitrine.work.Indexer;
import dev.vitrine.work.Worklist;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: makes the parts, binds the beans that the routes name, and runs Camel. The only place that knows
 * everything.
 */
public final class Vitrine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Vitrine.class);

    private static final String QUEUE = "vitrine";
    private static final int PICTURES_A_SESSION = 16;
    private static final int LOCAL_JOBS = 10_000;
    private static final int FORM_OVERHEAD_BYTES = 256 * 1024;
    private static final int HTTP_WORKER_THREADS = 32;
    private static final Duration ENCODE_DEADLINE = Duration.ofSeconds(60);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(10);
    private static final Duration INBOX_SETTLE = Duration.ofMillis(1_000);
    private static final Duration INBOX_PATIENCE = Duration.ofSeconds(30);

    private final Settings settings;
    private final Main camel = new Main();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<PartHealth> health = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean closing;

    private Vitrine(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts the service and returns when it takes requests.
     *
     * @throws RuntimeException when a part cannot start; its message says what to do
     */
    public static Vitrine start(Settings settings) {
        Vitrine vitrine = new Vitrine(settings);
        try {
            vitrine.open();
            return vitrine;
        } catch (Throwable e) {
            vitrine.close();
            throw e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Where the service answers. */
    public String url() {
        return settings.url();
    }

    /** The running Camel context. */
    public CamelContext context() {
        return camel.getCamelContext();
    }

    /** From now on a SIGTERM or SIGINT closes the service, and the process then exits with 0. */
    public Vitrine stopOnExit() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close();
                            // A JVM that was told to stop exits with 143 otherwise, which reads as a failure.
                            Runtime.getRuntime().halt(0);
                        },
                        "vitrine-stop"));
        return this;
    }

    /** Returns when the service is closed. */
    public void join() throws InterruptedException {
        closed.await();
    }

    /** Finishes what is in flight, gives the rest back to the queue, and stops every part. */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        closeQuietly(camel::stop);
        while (!parts.isEmpty()) {
            closeQuietly(parts.pop());
        }
        closed.countDown();
    }

    private void open() throws Exception {
        Path uploads = settings.dataDir().resolve("uploads");
        Files.createDirectories(uploads);
        if (settings.role().isApi()) {
            Files.createDirectories(settings.inbox());
        }
        Clock clock = Clock.systemUTC();
        ObjectMapper json = new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        Spool spool = new Spool(settings.dataDir().resolve("spool"));
        Optional<RedisConnections> redis = openRedis();
        Optional<JobQueue> queue = redis.map(connections -> new JobQueue(
                connections.template(),
                QUEUE,
                new QueueSettings(
                        settings.jobTtl(),
                        QueueSettings.DEFAULT.maxDeliveries(),
                        QueueSettings.DEFAULT.recentJobs())));
        RedisBreaker breaker = keep(redis.map(connections ->
                        new RedisBreaker(() -> connections.template().execute(c -> c.ping(), true)))
                .orElseGet(RedisBreaker::alwaysOpen));

        ModelFolder folder = new InstalledModels(settings.home().resolve("models")).resolve(settings.model());
        Preprocessing preprocessing = folder.preprocessor().map(Preprocessing::read).orElse(Preprocessing.CLIP);
        ClipModel model = keep(ClipModel.open(
                folder,
                new EncoderOptions(settings.workers(), 8, Device.of(settings.device()), ENCODE_DEADLINE),
                preprocessing.canonical(),
                settings.applyExif(),
                settings.dataDir().resolve("cache")));
        PictureInspector inspector = new PictureInspector(settings.maxPixels());
        PicturePreparer pictures = new PicturePreparer(inspector, preprocessing, settings.applyExif());
        ProductIndex index = openIndex(new VectorSpace(model.name(), model.fingerprint(), model.dimensions()));

        LocalJobStore localJobs = new LocalJobStore(LOCAL_JOBS);
        Optional<RedisJobStore> redisJobs = queue.map(q -> new RedisJobStore(redis.get().template(), QUEUE));
        Multipart multipart = new Multipart();

        camel.bind("json", json);
        camel.bind("meters", meters);
        camel.bind("spool", spool);
        camel.bind("redisBreaker", breaker.breaker());
        camel.bind("multipart", multipart);
        camel.bind("inbox", new Inbox(INBOX_SETTLE, INBOX_PATIENCE, inspector, clock));
        camel.bind("intake", new Intake(inspector, settings.maxUploadBytes(), clock));
        camel.bind("pictures", pictures);
        camel.bind("images", new Images(model.images()));
        camel.bind("texts", new Texts(model));
        camel.bind("indexer", new Indexer(index, model.name(), clock));
        camel.bind("worklist", new Worklist(spool, redisJobs.isPresent() ? redisJobs.get() : localJobs, index));
        camel.bind(
                "jobs",
                new Jobs(
                        redisJobs.map(store -> store),
                        localJobs,
                        id -> queue.map(q -> q.retryDead(id)).orElse(false),
                        model.name()));
        camel.bind("searches", new Searches(index, model.name(), multipart));
        camel.bind("products", new Products(index));
        camel.bind(
                "stats",
                new Stats(
                        queue,
                        index,
                        new Stats.ModelFigures(
                                model.name(),
                                model.isDemo(),
                                model.fingerprint(),
                                model.dimensions(),
                                model.hasTexts())));
        camel.bind("problems", new Problems());
        camel.bind("upkeep", new Upkeep(spool, queue, breaker, uploads, settings.jobTtl(), meters));
        queue.ifPresent(q -> camel.bind("jobQueue", q));
        redis.ifPresent(connections -> camel.bind("redis", connections.template()));

        health.add(new PartHealth("index", index::check));
        health.add(new PartHealth("encoder", () -> model.images().check(PROBE_DEADLINE)));
        redis.ifPresent(connections -> health.add(
                new PartHealth("redis", () -> connections.template().execute(c -> c.ping(), true))));

        startCamel(json, uploads, model.name(), queue.isPresent());
        say(model, index, redis);
    }

    private Optional<RedisConnections> openRedis() throws IOException {
        String url = settings.redisUrl();
        if (url.equals("none")) {
            return Optional.empty();
        }
        boolean embedded = url.equals("embedded");
        if (embedded) {
            url = keep(EmbeddedRedis.start(settings.dataDir().resolve("redis"))).url();
        }
        RedisConnections connections = keep(new RedisConnections(url));
        if (!embedded) {
            RedisCheck.check(connections);
        }
        return Optional.of(connections);
    }

    private ProductIndex openIndex(VectorSpace space) {
        ProductIndex index = keep(ProductIndexes.open(
                new IndexSettings(
                        settings.qdrantUrl(),
                        settings.qdrantApiKey(),
                        settings.collection(),
                        settings.dataDir().resolve("index"),
                        IndexSettings.DEFAULT_DEADLINE),
                space));
        try {
            index.check();
        } catch (IndexUnavailableException e) {
            LOG.warn("{} The service waits for it.", e.getMessage());
        }
        return index;
    }

    private void startCamel(ObjectMapper json, Path uploads, String model, boolean hasQueue) throws Exception {
        property("vitrine.home", settings.home().toString());
        property("vitrine.http.host", settings.httpHost());
        property("vitrine.http.port", Integer.toString(settings.httpPort()));
        property("vitrine.role.api", Boolean.toString(settings.role().isApi()));
        property("vitrine.role.worker", Boolean.toString(settings.role().isWorker() && hasQueue));
        property("vitrine.worker.id", settings.workerId());
        property("vitrine.spool", settings.dataDir().resolve("spool").toString());
        property("vitrine.inbox", settings.inbox().toString());
        property("vitrine.inbox.delay", "500");
        property("vitrine.model.name", model);
        property("vitrine.queue.name", QUEUE);
        property("vitrine.queue.keys", "{" + QUEUE + "}");
        property("vitrine.queue.consumers", Integer.toString(settings.workers() * PICTURES_A_SESSION));
        property("vitrine.upkeep.period", "60000");
        camel.setPropertyPlaceholderLocations("classpath:application.properties,file:"
                + settings.home().resolve("config/application.properties") + ";optional=true");

        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setWorkerPoolSize(HTTP_WORKER_THREADS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
        keep(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        camel.bind("vertx", vertx);

        VertxPlatformHttpServerConfiguration http = new VertxPlatformHttpServerConfiguration();
        http.setBindHost(settings.httpHost());
        http.setBindPort(settings.httpPort());
        http.setMaxBodySize(settings.maxUploadBytes() + FORM_OVERHEAD_BYTES);
        http.getBodyHandler().setUploadsDirectory(uploads.toString());
        http.getBodyHandler().setMergeFormAttributes(false);
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                try {
                    main.getCamelContext().addService(new HttpFront(http, json));
                } catch (Exception e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
                HealthCheckRegistry registry = HealthCheckRegistry.get(main.getCamelContext());
                health.forEach(registry::register);
            }
        });
        camel.start();
    }

    private void say(ClipModel model, ProductIndex index, Optional<RedisConnections> redis) {
        LOG.info("Vitrine is ready at {}", settings.url());
        LOG.info("  role   {} ({})", settings.role().name().toLowerCase(), settings.workerId());
        LOG.info("  data   {}", settings.dataDir());
        if (settings.role().isApi()) {
            LOG.info("  inbox  {}", settings.inbox());
        }
        LOG.info(
                "  model  {}{}",
                model.name(),
                model.isDemo() ? " (the demo model; for real pictures: ./vitrine model install clip-vit-b32)" : "");
        LOG.info("  index  {}", index.place());
        LOG.info(
                "  queue  {}",
                redis.map(connections -> settings.redisUrl().equals("embedded")
                                ? "embedded Redis in " + settings.dataDir().resolve("redis")
                                : connections.where())
                        .orElse("none; uploads are indexed while the client waits"));
    }

    private void property(String name, String value) {
        camel.addOverrideProperty(name, value);
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("While stopping: {}", e.toString());
        }
    }
}
