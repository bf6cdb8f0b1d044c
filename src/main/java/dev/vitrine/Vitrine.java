package dev.vitrine;

import dev.vitrine.clip.ClipModel;
import dev.vitrine.clip.Device;
import dev.vitrine.clip.EncoderOptions;
import dev.vitrine.clip.ImageEncoder;
import dev.vitrine.clip.InstalledModels;
import dev.vitrine.clip.ModelFolder;
import dev.vitrine.http.HttpFront;
import dev.vitrine.http.HttpGate;
import dev.vitrine.image.PicturePreparer;
import dev.vitrine.image.Preprocessing;
import dev.vitrine.index.CollectionIndexes;
import dev.vitrine.index.IndexUnavailableException;
import dev.vitrine.index.ProductIndex;
import dev.vitrine.index.ProductIndexes;
import dev.vitrine.index.VectorSpace;
import dev.vitrine.ops.PartHealth;
import dev.vitrine.ops.RedisBreaker;
import dev.vitrine.queue.EmbeddedRedis;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.JobQueueComponent;
import dev.vitrine.queue.OneRoundTrip;
import dev.vitrine.queue.QueueSettings;
import dev.vitrine.queue.RedisAwayException;
import dev.vitrine.queue.RedisCheck;
import dev.vitrine.queue.RedisConnections;
import dev.vitrine.queue.RedisJobStore;
import dev.vitrine.reload.RouteFolders;
import dev.vitrine.reload.RouteHealth;
import dev.vitrine.reload.RouteReload;
import dev.vitrine.reload.RouteState;
import dev.vitrine.reload.RouteSwap;
import dev.vitrine.reload.check.Finding;
import dev.vitrine.reload.check.RouteCheck;
import dev.vitrine.reload.check.RouteSource;
import dev.vitrine.spool.Spool;
import dev.vitrine.watchdog.Watchdog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.cli.connector.DefaultCliConnectorFactory;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The service: makes the parts, binds the beans that the routes name, and runs Camel. The only place that knows
 * everything.
 */
public final class Vitrine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Vitrine.class);

    private static final String CONFIGURATION = "config/application.properties";
    private static final int BATCH = 8;
    private static final int FORM_OVERHEAD_BYTES = 256 * 1024;
    private static final int HTTP_WORKER_THREADS = 32;
    private static final Duration ENCODE_DEADLINE = Duration.ofSeconds(60);
    private static final Duration PROBE_DEADLINE = Duration.ofSeconds(10);

    /** How long requests may keep those after them waiting when routes are exchanged. */
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(5);

    private final Settings settings;
    private final Main camel = new Main();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<PartHealth> health = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean redisIsFit = new AtomicBoolean();
    private final HttpGate gate = new HttpGate();
    private volatile RouteReload reload;
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
        // Who is interrupted closes it all the same, in order.
        boolean interrupted = Thread.interrupted();
        RouteReload watching = reload;
        if (watching != null) {
            closeQuietly(watching);
        }
        closeQuietly(camel::stop);
        while (!parts.isEmpty()) {
            closeQuietly(parts.pop());
        }
        closed.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The route files and Kamelets of an installation, by name. */
    public static List<Path> routeFiles(Settings settings) throws IOException {
        return List.copyOf(new RouteFolders(settings.home()).read().keySet());
    }

    /** Whether the routes that run are those in the files. */
    public RouteState routeState() {
        RouteReload watching = reload;
        return watching == null ? RouteState.fixed() : watching.state();
    }

    /** Checks route files as this installation would run them, without starting a part of it. */
    public static List<Finding> checkRoutes(Settings settings, List<RouteSource> files) throws Exception {
        return routeCheck(settings).check(files);
    }

    private static RouteCheck routeCheck(Settings settings) {
        Map<String, Object> beans = new HashMap<>(Beans.withoutParts(settings).byName());
        beans.put("job-queue", new JobQueueComponent());
        beans.put("redis", new StringRedisTemplate());
        beans.put("oneRoundTrip", new OneRoundTrip(new StringRedisTemplate()));
        beans.put("kamelet", kamelets(settings));
        Properties properties = Settings.readFile(settings.home().resolve(CONFIGURATION));
        properties.putAll(Beans.properties(settings, "none", true));
        return new RouteCheck(beans, properties);
    }

    private void open() throws Exception {
        Files.createDirectories(settings.dataDir());
        if (settings.role().isApi()) {
            Files.createDirectories(settings.inbox());
        }
        Path uploads = Files.createDirectories(settings.dataDir().resolve("uploads"));
        ModelFolder folder = new InstalledModels(settings.home().resolve("models")).resolve(settings.model());
        Preprocessing preprocessing = folder.preprocessor().isPresent()
                ? Preprocessing.read(folder.preprocessor().get())
                : Preprocessing.clip();
        // The slowest part, and it needs none of the others.
        CompletableFuture<ClipModel> loading = CompletableFuture.supplyAsync(() -> ClipModel.open(
                folder,
                new EncoderOptions(settings.workers(), BATCH, Device.of(settings.device()), ENCODE_DEADLINE),
                preprocessing.canonical(),
                settings.applyExif(),
                settings.dataDir().resolve("cache")));
        keep(() -> loading.handle(Vitrine::closeLoaded).join());
        MeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Optional<RedisConnections> redis = openRedis();
        Optional<JobQueue> queue =
                redis.map(connections -> new JobQueue(connections.template(), Beans.QUEUE, queueSettings()));
        if (settings.redisUrl().equals("embedded")) {
            // No other process reaches this Redis, so its leases are those of a service that was killed.
            queue.ifPresent(JobQueue::endLeases);
        }
        RedisBreaker breaker = keep(redis.map(connections -> new RedisBreaker(checkedPing(connections)))
                .orElseGet(RedisBreaker::alwaysOpen));

        ClipModel model = loaded(loading);
        countBatches(model.images(), meters);
        Watchdog decoding = keep(new Watchdog("decoder", settings.decodeDeadline(), Watchdog.mostStuckHere()));
        PicturePreparer pictures = new PicturePreparer(
                preprocessing,
                settings.maxPixels(),
                PicturePreparer.pixelsThatFit(),
                settings.applyExif(),
                settings.reduceLargeJpegs(),
                Optional.of(decoding));
        VectorSpace space = new VectorSpace(model.name(), model.fingerprint(), model.dimensions());
        ProductIndex index = openIndex(space);
        CollectionIndexes indexes =
                keep(new CollectionIndexes(index, Beans.indexSettings(settings), space, settings.collections()));

        Beans beans = new Beans(
                settings,
                new Spool(settings.dataDir().resolve("spool")).open(),
                uploads,
                queue,
                queue.map(RedisJobStore::new),
                breaker,
                model,
                pictures,
                indexes,
                meters,
                this::routeState);
        beans.byName().forEach(camel::bind);
        camel.bind("meters", meters);
        camel.bind("kamelet", kamelets(settings));
        redis.ifPresent(this::bindQueue);
        StringRedisTemplate template = redis.map(RedisConnections::template).orElseGet(StringRedisTemplate::new);
        camel.bind("redis", template);
        camel.bind("oneRoundTrip", new OneRoundTrip(template));

        health.add(PartHealth.of("index", index::check));
        health.add(PartHealth.of("encoder", () -> model.images().check(PROBE_DEADLINE)));
        health.add(PartHealth.mendedByRestart("threads", () -> {
            decoding.check();
            model.images().checkStuck();
        }));
        redis.ifPresent(connections -> health.add(PartHealth.of("redis", new RedisCheck(connections)::ping)));
        stuckGauge("decoder", decoding::stuck, meters);
        stuckGauge("encoder", model.images()::stuck, meters);

        startCamel(uploads, Beans.properties(settings, model.name(), queue.isPresent()));
        if (settings.role().isApi()) {
            // Uploads need no text tower, but loading it would keep the first search by words waiting.
            CompletableFuture.runAsync(model::texts);
        }
        say(model, index, redis);
    }

    private static ClipModel loaded(CompletableFuture<ClipModel> loading) {
        try {
            return loading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private static Void closeLoaded(ClipModel model, Throwable failure) {
        if (model != null) {
            model.close();
        }
        return null;
    }

    private static void stuckGauge(String part, Supplier<Number> stuck, MeterRegistry meters) {
        Gauge.builder("vitrine.stuck", stuck)
                .description("threads that do not end, each on a picture that was given up")
                .tag("part", part)
                .register(meters);
    }

    private static void countBatches(ImageEncoder encoder, MeterRegistry meters) {
        for (int i = 1; i <= encoder.maxBatch(); i++) {
            int size = i;
            FunctionCounter.builder("vitrine.encoder.batches", encoder, e -> e.batches(size))
                    .description("Runs of the model by how many pictures were in them")
                    .tag("size", Integer.toString(size))
                    .register(meters);
        }
    }

    /** Building blocks come from {@code kamelets/}, or from jars; the route that uses one handles its errors. */
    private static KameletComponent kamelets(Settings settings) {
        KameletComponent component = new KameletComponent();
        component.setLocation("file:" + settings.home().resolve("kamelets") + ",classpath:kamelets");
        component.setNoErrorHandler(true);
        return component;
    }

    private void bindQueue(RedisConnections connections) {
        JobQueueComponent component = new JobQueueComponent();
        component.setConnections(connections);
        component.setWorkerId(settings.workerId());
        component.setJobTtl(settings.jobTtl().toMillis());
        camel.bind("job-queue", component);
    }

    private QueueSettings queueSettings() {
        return new QueueSettings(
                settings.jobTtl(), QueueSettings.DEFAULT.maxDeliveries(), QueueSettings.DEFAULT.recentJobs());
    }

    /** A Redis that is not fit is refused; one that is away may come, and is checked then. */
    private void checkAtStart(RedisConnections connections) {
        try {
            new RedisCheck(connections).run();
            redisIsFit.set(true);
        } catch (RedisAwayException e) {
            LOG.warn("{}. The service starts without a queue and uses it as soon as Redis answers.", e.getMessage());
        }
    }

    private Runnable checkedPing(RedisConnections connections) {
        RedisCheck check = new RedisCheck(connections);
        return () -> {
            if (!redisIsFit.get()) {
                check.run();
                redisIsFit.set(true);
            }
            check.ping();
        };
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
        if (embedded) {
            redisIsFit.set(true);
        } else {
            checkAtStart(connections);
        }
        return Optional.of(connections);
    }

    private ProductIndex openIndex(VectorSpace space) {
        ProductIndex index = keep(ProductIndexes.open(Beans.indexSettings(settings), space));
        try {
            index.check();
        } catch (IndexUnavailableException e) {
            LOG.warn("{} The service waits for it.", e.getMessage());
        }
        return index;
    }

    private void startCamel(Path uploads, Map<String, String> properties) throws Exception {
        properties.forEach(camel::addOverrideProperty);
        camel.setPropertyPlaceholderLocations(
                "classpath:application.properties,file:" + settings.home().resolve(CONFIGURATION) + ";optional=true");

        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setWorkerPoolSize(HTTP_WORKER_THREADS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        keep(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        camel.bind("vertx", vertx);

        VertxPlatformHttpServerConfiguration http = new VertxPlatformHttpServerConfiguration();
        http.setBindHost(settings.httpHost());
        http.setBindPort(settings.httpPort());
        http.setMaxBodySize(settings.maxUploadBytes() + FORM_OVERHEAD_BYTES);
        // The connector is on the class path and would start by itself.
        DefaultCliConnectorFactory cli = new DefaultCliConnectorFactory();
        cli.setEnabled(settings.cli());
        camel.bind("cli", cli);
        if (settings.cli()) {
            camel.addOverrideProperty("camel.main.jmxEnabled", "true");
            camel.addOverrideProperty("camel.main.devConsoleEnabled", "true");
        }
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                try {
                    main.getCamelContext().addService(new HttpFront(http, uploads, gate));
                } catch (Exception e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            }

            @Override
            public void afterConfigure(BaseMainSupport main) {
                HealthCheckRegistry registry = HealthCheckRegistry.get(main.getCamelContext());
                health.forEach(registry::register);
                registry.register(new RouteHealth(Vitrine.this::routeState));
            }
        });
        RouteFolders folders = new RouteFolders(settings.home());
        SortedMap<Path, RouteSource> running = folders.read();
        try {
            camel.start();
        } catch (Exception e) {
            throw explained(e, List.copyOf(running.values()));
        }
        if (settings.reload()) {
            reload = new RouteReload(
                            settings.home().toAbsolutePath().normalize(),
                            folders,
                            running,
                            () -> routeCheck(settings),
                            new RouteSwap(context(), gate, RELOAD_PATIENCE),
                            Clock.systemUTC())
                    .start();
        }
    }

    /** What the check finds wrong with the route files, or else why they did not start. */
    private Exception explained(Exception failure, List<RouteSource> files) {
        List<Finding> findings;
        try {
            findings = checkRoutes(settings, files);
        } catch (Exception e) {
            failure.addSuppressed(e);
            return failure;
        }
        if (findings.isEmpty()) {
            return failure;
        }
        findings.forEach(finding -> LOG.error("{}", finding.in(Path.of("").toAbsolutePath())));
        IllegalStateException explained = new IllegalStateException("the routes cannot be started: "
                + (findings.size() == 1 ? "one problem" : findings.size() + " problems"));
        explained.addSuppressed(failure);
        return explained;
    }

    private void say(ClipModel model, ProductIndex index, Optional<RedisConnections> redis) {
        LOG.info("Vitrine is ready at {}", settings.url());
        LOG.info("  role   {} ({})", settings.role().name().toLowerCase(Locale.ROOT), settings.workerId());
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
