package dev.vitrine.ops;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobState;
import dev.vitrine.job.LocalJobStore;
import dev.vitrine.spool.Spool;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that an earlier run accepted and did not finish, where there is no queue to put them back into: they are tried
 * in each round of upkeep, and each comes to an end.
 */
public final class Unfinished {
    private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

    private static final int MOST_TRIES = 10;

    private final Spool spool;
    private final boolean hasQueue;
    private final LocalJobStore states;
    private final Clock clock;
    private final long startedAt;
    private final Map<String, Integer> tries = new HashMap<>();

    /**
     * @param hasQueue whether a queue has these jobs, and nothing is to be done here
     * @param states where {@code GET /jobs/{id}} finds how they ended
     */
    public Unfinished(Spool spool, boolean hasQueue, LocalJobStore states, Clock clock) {
        this.spool = spool;
        this.hasQueue = hasQueue;
        this.states = states;
        this.clock = clock;
        this.startedAt = clock.millis();
    }

    /** Those to be tried now; none where there is a queue. */
    public synchronized List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        if (!hasQueue) {
            spool.forEachOwed(id -> {
                if (tries.getOrDefault(id, 0) < MOST_TRIES) {
                    spool.find(id).filter(job -> job.version() < startedAt).ifPresent(jobs::add);
                }
            });
        }
        return jobs;
    }

    /** Ends a job that no further try can help; nobody could retry it, so its picture goes. */
    public synchronized void giveUp(Job job, Throwable failure) {
        fail(job, tries.getOrDefault(job.id(), 0) + 1, failure);
        spool.remove(job.id());
        tries.remove(job.id());
    }

    /** Notes a try that failed; the last of ten ends the job, whose picture is kept and tried again at the next start. */
    public synchronized void failed(Job job, Throwable failure) {
        int now = tries.merge(job.id(), 1, Integer::sum);
        if (now == MOST_TRIES) {
            fail(job, now, failure);
        } else {
            LOG.warn("Job {} of product {} is tried again in a minute: {}", job.id(), job.productId(), why(failure));
        }
    }

    private void fail(Job job, int attempts, Throwable failure) {
        states.put(JobState.failed(job, attempts, clock.millis(), why(failure)));
        LOG.warn("Job {} of product {} failed: {}", job.id(), job.productId(), why(failure));
    }

    private static String why(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
