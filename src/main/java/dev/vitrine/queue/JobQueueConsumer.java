package dev.vitrine.queue;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobTraces.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;

/**
 * Takes jobs and runs one exchange each. One thread fetches as many jobs as there are free slots and otherwise waits for
 * the list to fill; the threads of a pool run the exchanges and settle the jobs; one heartbeat renews all leases.
 *
 * <p>Suspending ends the fetching and lets what is in flight go on, which is also what Camel does first when it shuts a
 * route down. Stopping hands back whatever is still in flight.
 */
final class JobQueueConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(JobQueueConsumer.class);

    private final JobQueueEndpoint endpoint;
    private final Duration lease;
    private final Set<HeldJob> held = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unsettled = new AtomicInteger();

    private JobQueue queue;
    private String worker;
    private Backoff backoff;
    private Semaphore slots;
    private RedisContact contact;
    private QueueMeters meters;
    private JobEnds ends;
    private JobQueueHealthCheck health;
    private ExecutorService threads;
    private ExecutorService heart;
    private CountDownLatch stopped;
    private JobFetcher fetcher;

    JobQueueConsumer(JobQueueEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.lease = Duration.ofMillis(endpoint.getLease());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        int concurrency = endpoint.getConcurrentConsumers();
        var executors = endpoint.getCamelContext().getExecutorServiceManager();
        queue = endpoint.queue();
        worker = endpoint.workerId();
        backoff = endpoint.backoff();
        slots = new Semaphore(concurrency);
        contact = new RedisContact(endpoint.getName());
        meters = new QueueMeters(endpoint, queue);
        ends = new JobEnds(endpoint.observers().events(), worker);
        stopped = new CountDownLatch(1);
        threads = executors.newFixedThreadPool(this, "job-queue-" + endpoint.getName(), concurrency);
        heart = executors.newSingleThreadExecutor(this, "job-queue-heartbeat-" + endpoint.getName());
        heart.execute(new LeaseKeeper(queue, worker, lease, held, contact, this::lost, stopped));
        register();
        fetch();
    }

    @Override
    protected void doSuspend() throws Exception {
        fetcher.end();
        List<HeldJob> unbegun = held.stream().filter(HeldJob::giveBackUnbegun).toList();
        handBack(unbegun);
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        fetch();
    }

    @Override
    protected void doStop() throws Exception {
        if (fetcher != null) {
            fetcher.end();
            stopped.countDown();
            List<HeldJob> rest = List.copyOf(held);
            rest.forEach(HeldJob::giveBack);
            handBack(rest);
            var executors = endpoint.getCamelContext().getExecutorServiceManager();
            executors.shutdownNow(threads);
            executors.shutdownNow(heart);
            sayGoodbye();
            unregister();
            meters.close();
            fetcher = null;
        }
        super.doStop();
    }

    /** Never deferred: a suspended consumer takes nothing new while what is in flight ends. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    /** Camel waits for these, up to its shutdown timeout, before it stops the consumer. */
    @Override
    public int getPendingExchangesSize() {
        return held.size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Suspending and stopping do all there is to do.
    }

    private void fetch() {
        fetcher =
                new JobFetcher(endpoint, queue, worker, lease, slots, contact, () -> unsettled.get() > 0, this::start);
        fetcher.begin();
    }

    private void register() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null) {
            Duration patience = lease.compareTo(Duration.ofSeconds(5)) < 0 ? Duration.ofSeconds(5) : lease;
            health = new JobQueueHealthCheck(
                    endpoint.getComponent(JobQueueComponent.class).healthCheck(endpoint.getName()),
                    contact,
                    patience,
                    endpoint.connections().where(),
                    endpoint.getComponent(JobQueueComponent.class).countsForReadiness());
            health.setCamelContext(endpoint.getCamelContext());
            registry.register(health);
        }
    }

    private void unregister() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(endpoint.getCamelContext());
        if (registry != null && health != null) {
            registry.unregister(health);
        }
    }

    private void run(HeldJob job) {
        // Nobody waits for a job as a client waits for its answer.
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        MDC.put("job_id", job.delivery().id());
        MDC.put("product_id", job.delivery().productId());
        MDC.put("route", getRoute().getRouteId());
        try {
            if (job.begin()) {
                attempt(job);
            }
        } finally {
            held.remove(job);
            slots.release();
            MDC.clear();
        }
    }

    private void attempt(HeldJob job) {
        Exchange exchange = createExchange(false);
        Delivery delivery = job.delivery();
        try (Attempt trace = endpoint.observers().traces().begun(delivery.id(), delivery.attempts())) {
            if (trace.traceId() != null) {
                MDC.put("trace_id", trace.traceId());
                exchange.getMessage().setHeader("traceparent", trace.traceparent());
            }
            process(exchange, job);
            settle(job);
            job.decide(null).failure().ifPresent(reason -> trace.failed(reason.kind(), reason.text()));
        } finally {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private void process(Exchange exchange, HeldJob job) {
        Delivery delivery = job.delivery();
        exchange.getMessage().setBody(delivery.id());
        exchange.getMessage().setHeader(JobQueueConstants.JOB_ID, delivery.id());
        exchange.getMessage().setHeader(JobQueueConstants.ATTEMPTS, delivery.attempts());
        exchange.getMessage().setHeader(JobQueueConstants.DELIVERIES, delivery.deliveries());
        exchange.setProperty(HeldJob.PROPERTY, job);
        try {
            createUoW(exchange);
            getProcessor().process(exchange);
        } catch (Throwable e) { // an OutOfMemoryError too ends this job's try, not the thread
            exchange.setException(e);
        }
        job.loaded(exchange.getVariable(HeldJob.JOB_VARIABLE, Job.class));
        job.decide(outcome(exchange, delivery));
    }

    /** What the end of the exchange says of the job, unless the route has decided. */
    private Settlement outcome(Exchange exchange, Delivery delivery) {
        Exception exception = exchange.getException();
        if (exception == null && !exchange.isRollbackOnly()) {
            return new Settlement.Complete(exchange.getMessage().getHeader(JobQueueConstants.MODEL, String.class));
        }
        if (exchange.getContext().isStopping() || !isStarted()) {
            return new Settlement.HandBack();
        }
        FailureReason reason = exception == null
                ? new FailureReason("the route rolled back", "")
                : FailureReason.of(exception).as(endpoint.kind(exception));
        return backoff.after(delivery.attempts(), reason, ThreadLocalRandom.current()::nextDouble);
    }

    /** Repeats until Redis has heard it: the work is done, only word of it is missing. */
    private void settle(HeldJob job) {
        if (tell(job)) {
            return;
        }
        unsettled.incrementAndGet();
        try {
            for (int failures = 1; !job.isGivenBack(); failures++) {
                stopped.await(RedisContact.pauseMs(failures), TimeUnit.MILLISECONDS);
                if (tell(job)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            unsettled.decrementAndGet();
        }
    }

    private boolean tell(HeldJob job) {
        Settlement settlement = job.decide(null);
        try {
            boolean mine = job.settle(queue);
            if (job.isGivenBack()) {
                return true;
            }
            if (mine) {
                meters.settled(job.delivery(), settlement);
                ends.settled(job, settlement);
                if (settlement instanceof Settlement.Bury buried) {
                    LOG.warn(
                            "Job {} of product {} failed{}: {}",
                            job.delivery().id(),
                            job.delivery().productId(),
                            endpoint.getComponent(JobQueueComponent.class).ofQueue(endpoint.getName()),
                            buried.reason().text());
                }
            } else {
                lost(job);
            }
            return true;
        } catch (RuntimeException e) {
            contact.failed(e);
            return false;
        }
    }

    private void lost(HeldJob job) {
        if (job.lose()) {
            meters.lostLease();
            LOG.warn(
                    "Job {} is no longer this worker's: its lease ran out or Redis lost it; another worker does it again",
                    job.delivery().id());
        }
    }

    /** Hands jobs back, the longest waiting first; where Redis is away their leases run out by themselves. */
    private void handBack(List<HeldJob> jobs) {
        List<Delivery> deliveries = jobs.stream()
                .filter(job -> !job.isSettled() && !job.isLost())
                .map(HeldJob::delivery)
                .sorted(Comparator.comparing(Delivery::id))
                .toList();
        if (deliveries.isEmpty()) {
            return;
        }
        try {
            int released = queue.release(deliveries);
            LOG.info("Handed {} jobs back to queue {}", released, endpoint.getName());
        } catch (DataAccessException e) {
            LOG.warn(
                    "Could not hand {} jobs back to queue {}; others take them when their leases run out, within {} ms",
                    deliveries.size(),
                    endpoint.getName(),
                    lease.toMillis(),
                    e);
        }
    }

    private void sayGoodbye() {
        try {
            queue.leave(worker);
        } catch (DataAccessException e) {
            LOG.debug("Worker {} counts as alive for up to {} ms more", worker, lease.toMillis(), e);
        }
    }

    /** Gives the jobs to the pool; returns how many slots they hold. */
    private int start(Taken taken, boolean isEnding) {
        meters.taken(taken);
        taken.buried().forEach((id, product) -> {
            LOG.warn("Job {} of product {} failed: it killed its worker too often and is run no more", id, product);
            ends.buried(id, product);
        });
        List<HeldJob> jobs = taken.deliveries().stream()
                .map(delivery -> new HeldJob(delivery, ends::decided))
                .toList();
        held.addAll(jobs);
        List<HeldJob> refused = new ArrayList<>();
        for (HeldJob job : jobs) {
            try {
                if (isEnding) {
                    refused.add(job);
                } else {
                    threads.execute(() -> run(job));
                }
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                refused.add(job);
            }
        }
        if (!refused.isEmpty()) {
            refused.forEach(HeldJob::giveBack);
            handBack(refused);
            refused.forEach(held::remove);
        }
        return jobs.size() - refused.size();
    }
}
