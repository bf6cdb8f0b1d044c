package dev.vitrine.queue;

import dev.vitrine.job.FailureKind;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobTraces;
import java.util.function.Function;

/**
 * Who looks on while jobs of a queue are worked on.
 *
 * @param events is told how each attempt ended
 * @param kinds says what an attempt failed of
 * @param traces ties attempts to the traces of uploads
 */
public record JobObservers(JobEvents events, Function<Throwable, FailureKind> kinds, JobTraces traces) {
    /** Nobody. */
    public static final JobObservers NONE =
            new JobObservers(JobEvents.NONE, failure -> FailureKind.OTHER, JobTraces.NONE);
}
