package dev.vitrine.queue;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job's state as fields of its Redis hash. The scripts of the queue keep further fields there that are nobody else's
 * business, and so does the version.
 */
public final class JobHash {
    private static final String JOB_ID = "job_id";
    private static final String PRODUCT_ID = "product_id";
    private static final String IMAGE_ID = "image_id";
    private static final String NAME = "name";
    private static final String STATUS = "status";
    private static final String ATTEMPTS = "attempts";
    private static final String CREATED_AT = "created_at";
    private static final String STARTED_AT = "started_at";
    private static final String FINISHED_AT = "finished_at";
    private static final String MODEL = "model";
    private static final String ERROR = "error";
    private static final String DIGEST = "digest";
    private static final String COLLECTION = "collection";

    /** ms since the epoch at acceptance; not part of the state, which shows it as the time of creation. */
    static final String VERSION = "version";

    /** The fields in the order in which {@link #read} expects their values. */
    static final List<String> FIELDS = List.of(
            PRODUCT_ID,
            IMAGE_ID,
            NAME,
            STATUS,
            ATTEMPTS,
            CREATED_AT,
            STARTED_AT,
            FINISHED_AT,
            MODEL,
            ERROR,
            DIGEST,
            COLLECTION);

    private JobHash() {}

    /** All fields of a job that is about to be enqueued. */
    public static Map<String, String> queued(Job job) {
        Map<String, String> fields = write(JobState.queued(job));
        fields.put(VERSION, Long.toString(job.version()));
        return fields;
    }

    /** The fields that the state has. */
    static Map<String, String> write(JobState job) {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, JOB_ID, job.id());
        put(fields, PRODUCT_ID, job.productId());
        put(fields, IMAGE_ID, job.imageId());
        put(fields, NAME, job.name());
        put(fields, STATUS, job.status().wireName());
        put(fields, ATTEMPTS, Integer.toString(job.attempts()));
        put(fields, CREATED_AT, job.createdAt());
        put(fields, STARTED_AT, job.startedAt());
        put(fields, FINISHED_AT, job.finishedAt());
        put(fields, MODEL, job.model());
        put(fields, ERROR, job.error());
        put(fields, DIGEST, job.digest());
        put(fields, COLLECTION, job.collection());
        return fields;
    }

    /**
     * The state that the values of {@link #FIELDS} say; null where the hash does not exist, which shows in its having no
     * status.
     */
    static JobState read(String id, List<?> values) {
        String status = value(values, STATUS);
        if (status == null) {
            return null;
        }
        String digest = value(values, DIGEST);
        String attempts = value(values, ATTEMPTS);
        return new JobState(
                id,
                value(values, PRODUCT_ID),
                value(values, IMAGE_ID),
                value(values, NAME),
                JobStatus.ofWireName(status),
                attempts == null ? 0 : Integer.parseInt(attempts),
                value(values, CREATED_AT),
                value(values, STARTED_AT),
                value(values, FINISHED_AT),
                value(values, MODEL),
                value(values, ERROR),
                digest == null || digest.isEmpty() ? null : digest,
                value(values, COLLECTION));
    }

    private static String value(List<?> values, String field) {
        return (String) values.get(FIELDS.indexOf(field));
    }

    private static void put(Map<String, String> fields, String field, String value) {
        if (value != null) {
            fields.put(field, value);
        }
    }
}
