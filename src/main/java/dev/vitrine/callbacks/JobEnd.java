package dev.vitrine.callbacks;

import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobState;
import dev.vitrine.job.Rfc3339;

/** A job's state at its end, of what was known before and what its last attempt tells. */
final class JobEnd {
    private JobEnd() {}

    /** @param known as the job was accepted; an attempt that found the work done already tells less of it */
    static JobState of(JobEvent event, JobState known) {
        return new JobState(
                known.id(),
                known.productId(),
                known.imageId(),
                known.name(),
                event.outcome(),
                event.attempt(),
                known.createdAt(),
                Rfc3339.format(event.started()),
                Rfc3339.format(event.finished()),
                event.model(),
                event.reason(),
                event.digest(),
                known.collection());
    }
}
