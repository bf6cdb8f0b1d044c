package dev.vitrine.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a job stands, from its acceptance to its end. */
public enum JobStatus {
    /** Waits in the queue for its first try. */
    QUEUED,
    /** A worker holds its lease. */
    PROCESSING,
    /** A try failed through no fault of the picture; the next one is due later. */
    RETRYING,
    /** The index holds the picture; nothing of the job is left in the spool. */
    COMPLETED,
    /** Given up: the job is among the dead letters with a reason. */
    FAILED;

    /** The name in JSON and in Redis, in lower case. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether no further try follows. */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED;
    }

    /**
     * Reads a name as {@link #wireName()} writes it.
     *
     * @throws IllegalArgumentException for any other text, naming the statuses there are
     */
    public static JobStatus ofWireName(String name) {
        for (JobStatus status : values()) {
            if (status.wireName().equals(name)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "No job status '" + name + "'; use queued, processing, retrying, completed or failed");
    }
}
