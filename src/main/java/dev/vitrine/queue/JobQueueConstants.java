package dev.vitrine.queue;

import org.apache.camel.spi.Metadata;

/** The headers of the {@code job-queue} component. */
public final class JobQueueConstants {

    /** The job's id. */
    @Metadata(label = "consumer", description = "The job's id, which is also the body", javaType = "String")
    public static final String JOB_ID = "VitrineJobId";

    /** How often the job was begun. */
    @Metadata(label = "consumer", description = "How often the job was begun, this time included", javaType = "Integer")
    public static final String ATTEMPTS = "VitrineJobAttempts";

    /** How often the job was handed out since a try last ended in order. */
    @Metadata(
            label = "consumer",
            description = "How often the job was handed to a worker since a try last ended in order, this time"
                    + " included: above 1, a worker vanished with it",
            javaType = "Integer")
    public static final String DELIVERIES = "VitrineJobDeliveries";

    /** Name of the model that made the vector. */
    @Metadata(
            label = "producer",
            description = "Name of the model that made the vector, kept with a completed job",
            javaType = "String")
    public static final String MODEL = "VitrineModel";

    /** When the job is to come back. */
    @Metadata(
            label = "producer",
            description = "In how many ms a job that is put off comes back, instead of what the back-off says",
            javaType = "Long")
    public static final String RETRY_DELAY = "VitrineRetryDelay";

    private JobQueueConstants() {}
}
