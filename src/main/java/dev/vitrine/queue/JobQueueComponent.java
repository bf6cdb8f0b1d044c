package dev.vitrine.queue;

import dev.vitrine.job.FailureKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** {@code job-queue:NAME}, see {@link JobQueueEndpoint}. */
@Component("job-queue")
public class JobQueueComponent extends DefaultComponent {

    @Metadata(
            autowired = true,
            description = "Connections to the Redis that holds the queue. Found in the registry where there is one.")
    private RedisConnections connections;

    @Metadata(
            description =
                    "Name of this worker, as people read it. The host name and the process id where none is given.")
    private String workerId;

    @Metadata(
            defaultValue = "7d",
            javaType = "java.time.Duration",
            description = "How long the state of a completed or failed job is kept.")
    private long jobTtl = QueueSettings.DEFAULT.jobTtl().toMillis();

    @Metadata(
            defaultValue = "5",
            description =
                    "How often a job may be handed to a worker that then vanishes. The next time it goes to the dead"
                            + " letters without being run.")
    private int maxDeliveries = QueueSettings.DEFAULT.maxDeliveries();

    private boolean countsForReadiness = true;
    private String told = "";
    private JobObservers observers = JobObservers.NONE;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        JobQueueEndpoint endpoint = new JobQueueEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    QueueSettings settings() {
        return new QueueSettings(Duration.ofMillis(jobTtl), maxDeliveries, QueueSettings.DEFAULT.recentJobs());
    }

    boolean countsForReadiness() {
        return countsForReadiness;
    }

    /** Says whether the process is of any use while its consumers take no jobs; it is not, unless this says so. */
    void countForReadiness(boolean counts) {
        countsForReadiness = counts;
    }

    /** The id of a consumer's health check; the one of the queue whose listener was set has the component's name. */
    String healthCheck(String queue) {
        return told.isEmpty() || queue.equals(told) ? "job-queue" : "job-queue-" + queue;
    }

    /** Names a queue in the log where it is not the one whose listener was set. */
    String ofQueue(String queue) {
        return told.isEmpty() || queue.equals(told) ? "" : " in queue " + queue;
    }

    JobObservers observers(String queue) {
        return queue.equals(told) ? observers : JobObservers.NONE;
    }

    /** What jobs of a queue can fail of. */
    Set<FailureKind> allKinds(String queue) {
        return queue.equals(told) ? EnumSet.allOf(FailureKind.class) : EnumSet.of(FailureKind.CRASH, FailureKind.OTHER);
    }

    /** Says who looks on at one queue. */
    void tell(String queue, JobObservers whoLooksOn) {
        told = queue;
        observers = whoLooksOn;
    }

    /** Connections to the Redis that holds the queue. */
    public RedisConnections getConnections() {
        return connections;
    }

    /** Sets the connections; they stay the caller's to close. */
    public void setConnections(RedisConnections connections) {
        this.connections = connections;
    }

    /** Name of this worker; null for host name and process id. */
    public String getWorkerId() {
        return workerId;
    }

    /** Names this worker. */
    public void setWorkerId(String workerId) {
        this.workerId = workerId;
    }

    /** How long the state of an ended job is kept, ms. */
    public long getJobTtl() {
        return jobTtl;
    }

    /** Sets how long the state of an ended job is kept, ms. */
    public void setJobTtl(long jobTtl) {
        this.jobTtl = jobTtl;
    }

    /** How often a job may be handed to a worker that then vanishes. */
    public int getMaxDeliveries() {
        return maxDeliveries;
    }

    /** Sets how often a job may be handed to a worker that then vanishes. */
    public void setMaxDeliveries(int maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }
}
