package dev.vitrine.queue;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobStatus;
import java.util.Optional;

/** Tells how attempts end: ends of jobs before Redis has heard it, everything once it has. */
final class JobEnds {

    private final JobEvents events;
    private final String worker;

    /** @param worker who makes the attempts */
    JobEnds(JobEvents events, String worker) {
        this.events = events;
        this.worker = worker;
    }

    /** It is decided how an attempt of this worker ends. */
    void decided(HeldJob held, Settlement settlement) {
        event(held, settlement).filter(event -> event.outcome().isTerminal()).ifPresent(events::decided);
    }

    /** An attempt of this worker has ended; one that was handed back was none. */
    void settled(HeldJob held, Settlement settlement) {
        event(held, settlement).ifPresent(events::ended);
    }

    private Optional<JobEvent> event(HeldJob held, Settlement settlement) {
        if (settlement instanceof Settlement.Complete complete) {
            return Optional.of(event(held, JobStatus.COMPLETED, complete.model(), null));
        } else if (settlement instanceof Settlement.PutOff putOff) {
            return Optional.of(event(held, JobStatus.RETRYING, null, putOff.reason()));
        } else if (settlement instanceof Settlement.Bury bury) {
            return Optional.of(event(held, JobStatus.FAILED, null, bury.reason()));
        }
        return Optional.empty();
    }

    /** A job that was given up instead of being run once more. */
    void buried(String id, String productId) {
        long now = System.currentTimeMillis();
        JobEvent end = new JobEvent(
                id,
                "buried-" + now,
                0,
                JobStatus.FAILED,
                productId,
                null,
                null,
                null,
                created(id, now),
                now,
                now,
                worker,
                null,
                "killed its worker too often and is run no more",
                null);
        events.decided(end);
        events.ended(end);
    }

    private JobEvent event(HeldJob held, JobStatus outcome, String model, FailureReason reason) {
        Delivery delivery = held.delivery();
        long now = System.currentTimeMillis();
        return new JobEvent(
                delivery.id(),
                delivery.token(),
                delivery.attempts(),
                outcome,
                delivery.productId(),
                held.job().map(Job::imageId).orElse(null),
                held.job().map(Job::name).orElse(null),
                held.job().map(Job::collection).orElse(null),
                delivery.version() > 0 ? delivery.version() : created(delivery.id(), held.started()),
                held.started(),
                now,
                worker,
                model,
                reason == null ? null : reason.text(),
                reason == null ? null : reason.digest());
    }

    /** Ids of ours hold the time at which they were made; of another the best guess is now. */
    private static long created(String id, long now) {
        long accepted = Job.acceptedAt(id);
        return accepted < 0 ? now : accepted;
    }
}
