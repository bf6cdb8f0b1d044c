package dev.vitrine.queue;

import dev.vitrine.job.FailureKind;
import java.util.Set;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Take jobs from a queue in Redis under a lease, one exchange a job, and complete, put off or give up each.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "job-queue",
        title = "Job Queue",
        syntax = "job-queue:name",
        category = {Category.MESSAGING},
        headersClass = JobQueueConstants.class)
public class JobQueueEndpoint extends DefaultEndpoint {

    @UriPath(description = "Name of the queue, the hash tag of its keys in Redis")
    @Metadata(required = true)
    private final String name;

    @UriParam(
            label = "consumer",
            defaultValue = "16",
            description = "How many jobs are processed at a time, each in a thread and an exchange of its own")
    private int concurrentConsumers = 16;

    @UriParam(
            label = "consumer",
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description =
                    "After how long without a sign of life from this worker others may take its jobs. Renewed every"
                            + " third of it for as long as a job takes.")
    private long lease = 30_000;

    @UriParam(
            label = "producer",
            description =
                    "What to do with the job of the exchange: complete it, put it off with exponential back-off, put it"
                            + " off for delay without counting the attempt, or give it up")
    private JobQueueOperation operation;

    @UriParam(
            label = "common",
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description = "Time between the first attempt and the second. The consumer's for a job whose exchange ends"
                    + " with an exception that no error handler dealt with.")
    private long delay = 1_000;

    @UriParam(label = "common", defaultValue = "2", description = "How many times longer each delay is than the last")
    private double multiplier = 2;

    @UriParam(
            label = "common",
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "The longest delay between two attempts")
    private long maxDelay = 300_000;

    @UriParam(
            label = "common",
            defaultValue = "0.2",
            description = "By how much of itself a delay is made shorter or longer at random, from 0 to 1")
    private double jitter = 0.2;

    @UriParam(
            label = "common",
            defaultValue = "20",
            description = "After how many attempts a job is given up instead of put off. 0 for never.")
    private int maxAttempts = 20;

    /** An endpoint of the component, for the queue of that name. */
    public JobQueueEndpoint(String uri, Component component, String name) {
        super(uri, component);
        this.name = name;
    }

    /** Refuses values that mean nothing, so that they are found before anything starts. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        backoff();
        if (concurrentConsumers < 1 || concurrentConsumers > 1_000) {
            throw new IllegalArgumentException(
                    "concurrentConsumers must be from 1 to 1,000, not " + concurrentConsumers);
        }
        if (lease < 100) {
            throw new IllegalArgumentException("lease must be 100 ms or more, not " + lease + " ms");
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        JobQueueConsumer consumer = new JobQueueConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (operation == null) {
            throw new IllegalArgumentException(
                    "Say what to do with the job: job-queue:" + name
                            + "?operation=complete, retry, postpone or fail. Jobs are enqueued with camel-spring-redis, command LPUSH.");
        }
        return new JobQueueProducer(this);
    }

    JobQueue queue() {
        return new JobQueue(connections().template(), name, ((JobQueueComponent) getComponent()).settings());
    }

    RedisConnections connections() {
        RedisConnections connections = ((JobQueueComponent) getComponent()).getConnections();
        if (connections == null) {
            throw new IllegalStateException("job-queue:" + name
                    + " needs a RedisConnections in the registry, or set on the" + " component as 'connections'");
        }
        return connections.of(name);
    }

    String workerId() {
        String given = ((JobQueueComponent) getComponent()).getWorkerId();
        return given == null || given.isBlank() ? WorkerId.ofThisProcess() : given;
    }

    JobObservers observers() {
        return ((JobQueueComponent) getComponent()).observers(name);
    }

    Set<FailureKind> kinds() {
        return ((JobQueueComponent) getComponent()).allKinds(name);
    }

    FailureKind kind(Throwable failure) {
        return observers().kinds().apply(failure);
    }

    Backoff backoff() {
        return new Backoff(delay, multiplier, maxDelay, jitter, maxAttempts);
    }

    /** Name of the queue. */
    public String getName() {
        return name;
    }

    /** How many jobs are processed at a time. */
    public int getConcurrentConsumers() {
        return concurrentConsumers;
    }

    /** Sets how many jobs are processed at a time, from 1 to 1,000. */
    public void setConcurrentConsumers(int concurrentConsumers) {
        this.concurrentConsumers = concurrentConsumers;
    }

    /** The lease, ms. */
    public long getLease() {
        return lease;
    }

    /** Sets the lease, ms. */
    public void setLease(long lease) {
        this.lease = lease;
    }

    /** What the producer does. */
    public JobQueueOperation getOperation() {
        return operation;
    }

    /** Sets what the producer does. */
    public void setOperation(JobQueueOperation operation) {
        this.operation = operation;
    }

    /** Time between the first attempt and the second, ms. */
    public long getDelay() {
        return delay;
    }

    /** Sets the time between the first attempt and the second, ms. */
    public void setDelay(long delay) {
        this.delay = delay;
    }

    /** How many times longer each delay is than the last. */
    public double getMultiplier() {
        return multiplier;
    }

    /** Sets how many times longer each delay is than the last. */
    public void setMultiplier(double multiplier) {
        this.multiplier = multiplier;
    }

    /** The longest delay, ms. */
    public long getMaxDelay() {
        return maxDelay;
    }

    /** Sets the longest delay, ms. */
    public void setMaxDelay(long maxDelay) {
        this.maxDelay = maxDelay;
    }

    /** By how much of itself a delay varies. */
    public double getJitter() {
        return jitter;
    }

    /** Sets by how much of itself a delay varies, from 0 to 1. */
    public void setJitter(double jitter) {
        this.jitter = jitter;
    }

    /** After how many attempts a job is given up. */
    public int getMaxAttempts() {
        return maxAttempts;
    }

    /** Sets after how many attempts a job is given up; 0 for never. */
    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }
}
