package dev.vitrine.job;

import java.util.Locale;

/** What a job failed of, as metrics tell it. */
public enum FailureKind {
    /** The picture is damaged, too large or of no use to the model. */
    PICTURE,
    /** Neither the spool nor the index has the picture. */
    LOST,
    /** The index is there and does not take the product. */
    REFUSED,
    /** The index is away. */
    INDEX,
    /** The model could not be run, or took too long. */
    ENCODER,
    /** No decoder could be had. */
    DECODER,
    /** Redis is away. */
    REDIS,
    /** The disk cannot be read or written. */
    DISK,
    /** The process is out of memory. */
    MEMORY,
    /** Workers that had the job vanished, each time. */
    CRASH,
    /** Anything else, such as a step of a site's own route. */
    OTHER;

    /** As the label has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
