package dev.vitrine.queue;

import dev.vitrine.job.JobStore;
import dev.vitrine.job.JobTraces;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.part.Offer;
import dev.vitrine.part.Part;
import dev.vitrine.part.Probe;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The job queue in Redis, or that there is none, and the jobs that this process remembers itself. */
public final class QueuePart implements Part {
    private static final Logger LOG = LoggerFactory.getLogger(QueuePart.class);
    /** The main queue's, and with it the hash tag of its keys. */
    static final String NAME = "vitrine";

    private static final int LOCAL_JOBS = 10_000;

    private final RedisSettings settings;
    private final Path folder;
    private final String workerId;
    private final boolean takesJobs;
    private final boolean servesClients;
    private final int consumers;
    private final JobObservers observers;
    private final LocalJobStore local = new LocalJobStore(LOCAL_JOBS);
    private final AtomicBoolean isFit = new AtomicBoolean();
    private final Deque<Closeable> open = new ArrayDeque<>();
    private Optional<RedisConnections> connections = Optional.empty();
    private Optional<JobQueue> queue = Optional.empty();
    private Optional<ProxyManager<byte[]>> buckets = Optional.empty();
    private RedisBreaker breaker = RedisBreaker.alwaysOpen();
    private StringRedisTemplate template = new StringRedisTemplate();

    /**
     * @param folder of the embedded Redis
     * @param workerId names this process in leases
     * @param takesJobs whether this process is a worker
     * @param servesClients whether it takes uploads and answers searches
     * @param consumers how many jobs a worker has in hand at the same time
     * @param observers look on while jobs are worked on
     */
    public QueuePart(
            RedisSettings settings,
            Path folder,
            String workerId,
            boolean takesJobs,
            boolean servesClients,
            int consumers,
            JobObservers observers) {
        this.settings = settings;
        this.folder = folder;
        this.workerId = workerId;
        this.takesJobs = takesJobs;
        this.servesClients = servesClients;
        this.consumers = consumers;
        this.observers = observers;
    }

    @Override
    public void open() throws IOException {
        if (settings.isNone()) {
            return;
        }
        RedisConnections redis = connect();
        open.push(redis::close);
        connections = Optional.of(redis);
        template = redis.template();
        if (!settings.isEmbedded()) { // which no other process reaches
            SharedBuckets rates = new SharedBuckets(settings);
            open.push(rates::close);
            buckets = Optional.of(rates.manager());
        }
        JobQueue jobs = new JobQueue(template, NAME, queueSettings());
        queue = Optional.of(jobs);
        RedisCheck check = new RedisCheck(redis);
        if (settings.isEmbedded()) {
            isFit.set(true);
            // No other process reaches this Redis, so its leases are those of a service that was killed.
            jobs.endLeases();
        } else {
            checkAtStart(check);
        }
        breaker = new RedisBreaker(() -> ask(check), !isFit.get());
        open.push(breaker::close);
    }

    /** The traces of jobs. */
    public JobTraces traces() {
        return observers.traces();
    }

    /** The queue; empty where the service runs without one. */
    public Optional<JobQueue> queue() {
        return queue;
    }

    /** Another queue in the same Redis; empty where the service runs without one. */
    public Optional<JobQueue> queue(String name) {
        return connections.map(redis -> new JobQueue(redis.of(name).template(), name, queueSettings()));
    }

    /** What gives versions to all processes; empty where the service runs without Redis. */
    public Optional<VersionCounter> versions() {
        return queue.map(jobs -> new VersionCounter(template, NAME));
    }

    /** Token buckets that all processes share; empty where no other process reaches this one's Redis. */
    public Optional<ProxyManager<byte[]>> buckets() {
        return buckets;
    }

    /** What its keys in Redis begin with, between braces. */
    public String name() {
        return NAME;
    }

    /** What asks its Redis. */
    public StringRedisTemplate template() {
        return template;
    }

    /** The jobs in Redis; empty where the service runs without a queue. */
    public Optional<JobStore> store() {
        return queue.map(RedisJobStore::new);
    }

    /** The jobs that were indexed here while their client waited. */
    public LocalJobStore local() {
        return local;
    }

    /** Says whether uploads go to the queue. */
    public RedisBreaker breaker() {
        return breaker;
    }

    /** Where the queue is, for an operator. */
    public String place() {
        if (settings.isEmbedded()) {
            return "embedded Redis in " + folder;
        }
        return connections.map(RedisConnections::where).orElse("none; uploads are indexed while the client waits");
    }

    @Override
    public List<Offer<?>> beans() {
        return List.of(
                Offer.of("redisBreaker", CircuitBreaker.class, () -> breaker.breaker(), () -> RedisBreaker.alwaysOpen()
                        .breaker()),
                Offer.of("job-queue", JobQueueComponent.class, this::component, JobQueueComponent::new),
                Offer.of("redis", StringRedisTemplate.class, () -> template, StringRedisTemplate::new),
                Offer.of(
                        "oneRoundTrip",
                        OneRoundTrip.class,
                        () -> new OneRoundTrip(template),
                        () -> new OneRoundTrip(new StringRedisTemplate())));
    }

    @Override
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("vitrine.role.worker", Boolean.toString(takesJobs && !settings.isNone()));
        properties.put("vitrine.queue.name", NAME);
        properties.put("vitrine.queue.keys", "{" + NAME + "}");
        properties.put("vitrine.queue.consumers", Integer.toString(consumers));
        return properties;
    }

    @Override
    public List<Probe> probes() {
        return connections
                .map(redis -> List.of(
                        Probe.substitutable("redis", new RedisCheck(redis)::ping),
                        Probe.informative("workers", this::checkWorkers)))
                .orElse(List.of());
    }

    /** Redis being away is another check's to say. */
    private void checkWorkers() {
        if (!breaker.isClosed()) {
            return;
        }
        Depth depth;
        try {
            depth = queue.orElseThrow().depth();
        } catch (DataAccessException e) {
            return;
        }
        if (depth.workers() == 0 && depth.waiting() + depth.later() + depth.leased() > 0) {
            throw new IllegalStateException(depth.waiting() + depth.later() + depth.leased()
                    + " jobs wait and no worker is alive: start one with ./vitrine start --role worker");
        }
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private RedisConnections connect() throws IOException {
        if (!settings.isEmbedded()) {
            return new RedisConnections(settings, RedisConnections.FAIL_FAST);
        }
        EmbeddedRedis server = EmbeddedRedis.start(folder);
        open.push(server::close);
        return new RedisConnections(server.url());
    }

    private JobQueueComponent component() {
        JobQueueComponent component = new JobQueueComponent();
        connections.ifPresent(component::setConnections);
        component.setWorkerId(workerId);
        component.tell(NAME, observers);
        component.countForReadiness(!servesClients);
        component.setJobTtl(settings.jobTtl().toMillis());
        return component;
    }

    private QueueSettings queueSettings() {
        return new QueueSettings(
                settings.jobTtl(), QueueSettings.DEFAULT.maxDeliveries(), QueueSettings.DEFAULT.recentJobs());
    }

    /** A Redis that is not fit, or does not let this service in, is refused; one that is away may come, and is checked then. */
    private void checkAtStart(RedisCheck check) {
        try {
            check.run();
            isFit.set(true);
        } catch (RedisAwayException e) {
            if (e.isRefused()) {
                throw e;
            }
            LOG.warn("{}. The service starts without a queue and uses it as soon as Redis answers.", e.getMessage());
        }
    }

    /** After an outage it may be another server, or one with other settings. */
    private void ask(RedisCheck check) {
        try {
            if (!isFit.get()) {
                check.run();
                isFit.set(true);
            }
            check.ping();
        } catch (RedisAwayException e) {
            isFit.set(settings.isEmbedded());
            throw e;
        }
    }
}
