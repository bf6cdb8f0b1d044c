package dev.vitrine.queue;

import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A job's state as fields of its Redis hash. */
final class JobHash {

    /** The fields in the order in which {@link #read} expects their values. */
    static final List<String> FIELDS = List.of(
            "product_id",
            "image_id",
            "name",
            "status",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
            "model",
            "error",
            "digest",
            "collection");

    private JobHash() {}

    /** The fields that the state has. */
    static Map<String, String> write(JobState job) {
        Map<String, String> fields = new LinkedHashMap<>();
        put(fields, "job_id", job.id());
        put(fields, "product_id", job.productId());
        put(fields, "image_id", job.imageId());
        put(fields, "name", job.name());
        put(fields, "status", job.status().wireName());
        put(fields, "attempts", Integer.toString(job.attempts()));
        put(fields, "created_at", job.createdAt());
        put(fields, "started_at", job.startedAt());
        put(fields, "finished_at", job.finishedAt());
        put(fields, "model", job.model());
        put(fields, "error", job.error());
        put(fields, "digest", job.digest());
        put(fields, "collection", job.collection());
        return fields;
    }

    /**
     * The state that the values of {@link #FIELDS} say; null where the hash does not exist, which shows in its having no
     * status.
     */
    static JobState read(String id, List<?> values) {
        String status = (String) values.get(3);
        if (status == null) {
            return null;
        }
        String digest = (String) values.get(10);
        String attempts = (String) values.get(4);
        return new JobState(
                id,
                (String) values.get(0),
                (String) values.get(1),
                (String) values.get(2),
                JobStatus.ofWireName(status),
                attempts == null ? 0 : Integer.parseInt(attempts),
                (String) values.get(5),
                (String) values.get(6),
                (String) values.get(7),
                (String) values.get(8),
                (String) values.get(9),
                digest == null || digest.isEmpty() ? null : digest,
                (String) values.get(11));
    }

    private static void put(Map<String, String> fields, String field, String value) {
        if (value != null) {
            fields.put(field, value);
        }
    }
}
