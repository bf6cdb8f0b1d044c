package dev.vitrine.callbacks;

import dev.vitrine.job.Job;
import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.Rfc3339;
import dev.vitrine.queue.Enqueued;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.JobQueueConstants;
import dev.vitrine.queue.RedisJobStore;
import dev.vitrine.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which webhooks are owed, and what {@code routes/callbacks.camel.yaml} calls. Before the spool forgets a job its webhook
 * is written down; once the job has ended it is enqueued. What is written down and not enqueued, because a process died
 * or Redis was away, is enqueued by {@link #refill}. A job never fails or waits for its webhook.
 */
public final class Callbacks implements JobEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    /** Behind the job's id: the webhook to its upload's {@code callback_url}, and that to the URL for all jobs. */
    private static final String OWN = "_u";

    private static final String ALL = "_a";
    private static final int MOST_DEAD = 1_000;

    /** Failures whose webhook a crash prevented are looked for among the dead letters of this time. */
    private static final Duration LATELY = Duration.ofHours(1);

    private static final Duration LEASE_OVER = Duration.ofSeconds(30);

    private final CallbackSettings settings;
    private final CallbackStore store;
    private final Spool spool;
    private final JobQueue jobs;
    private final JobQueue messages;
    private final BooleanSupplier isRedisThere;
    private final CallbackMeters meters;
    private final Clock clock;

    /**
     * @param store where webhooks are written down
     * @param jobs the queue of the jobs that end
     * @param messages the queue of the webhooks
     */
    Callbacks(
            CallbackSettings settings,
            CallbackStore store,
            Spool spool,
            JobQueue jobs,
            JobQueue messages,
            BooleanSupplier isRedisThere,
            CallbackMeters meters,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.spool = spool;
        this.jobs = jobs;
        this.messages = messages;
        this.isRedisThere = isRedisThere;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public void ending(Job job) {
        long now = clock.millis();
        urls(job.callbackUrl()).forEach((kind, url) -> {
            try {
                store.write(new OwedCallback(job.id() + kind, url, now, JobState.completed(job, now, null)));
            } catch (RuntimeException e) {
                meters.lost.increment();
                LOG.error("The webhook of job {} is lost, as it cannot be written down", job.id(), e);
            }
        });
    }

    @Override
    public void ended(JobEvent event) {
        try {
            if (event.outcome() == JobStatus.COMPLETED) {
                completed(event);
            } else if (event.outcome() == JobStatus.FAILED && isRedisThere.getAsBoolean()) {
                failed(event.jobId());
            }
        } catch (RuntimeException e) {
            LOG.warn("The webhook of job {} waits for the next round of upkeep: {}", event.jobId(), e.getMessage());
        }
    }

    private void completed(JobEvent event) {
        for (String kind : new String[] {OWN, ALL}) {
            Optional<OwedCallback> owed = store.find(event.jobId() + kind);
            if (owed.isPresent()) {
                OwedCallback known = owed.get().of(end(event, owed.get().job()));
                store.write(known);
                enqueue(known);
            }
        }
    }

    /** What {@code GET /jobs/{id}} shows where Redis is there, else the same as this process knows it. */
    private JobState end(JobEvent event, JobState known) {
        Optional<JobState> shown =
                isRedisThere.getAsBoolean() ? new RedisJobStore(jobs).find(event.jobId()) : Optional.empty();
        return shown.filter(job -> job.status() == JobStatus.COMPLETED && job.productId() != null)
                .orElseGet(() -> JobEnd.of(event, known));
    }

    /** Owes the webhooks of a job that is a dead letter, each once for this end of it. */
    private void failed(String jobId) {
        Optional<JobState> state = new RedisJobStore(jobs).find(jobId).filter(job -> job.status() == JobStatus.FAILED);
        Optional<String> delivery = jobs.upkeep().lastDelivery(jobId);
        if (state.isEmpty() || delivery.isEmpty()) {
            return;
        }
        String end = "_" + Integer.toHexString(delivery.get().hashCode());
        urls(spool.find(jobId).map(Job::callbackUrl).orElse(null)).forEach((kind, url) -> {
            String id = jobId + kind + end;
            if (!messages.upkeep().knows(id)) {
                OwedCallback owed = new OwedCallback(id, url, clock.millis(), state.get());
                store.write(owed);
                enqueue(owed);
            }
        });
    }

    private Map<String, String> urls(String own) {
        Map<String, String> urls = new LinkedHashMap<>();
        if (own != null) {
            urls.put(OWN, own);
        }
        settings.urlForAll().filter(all -> !all.equals(own)).ifPresent(all -> urls.put(ALL, all));
        return urls;
    }

    /** Where Redis is away {@link #refill} does it later. */
    private boolean enqueue(OwedCallback owed) {
        if (!isRedisThere.getAsBoolean()) {
            return false;
        }
        JobState job = owed.job();
        JobState waiting = new JobState(
                owed.id(),
                job.productId(),
                job.imageId(),
                job.name(),
                JobStatus.QUEUED,
                0,
                Rfc3339.format(owed.since()),
                null,
                null,
                null,
                null,
                null);
        Enqueued outcome = messages.upkeep().enqueueIfMissing(waiting, owed.since());
        if (outcome == Enqueued.COMPLETED || outcome == Enqueued.FAILED) {
            store.remove(owed.id());
        }
        return outcome == Enqueued.PUSHED;
    }

    /**
     * Enqueues what is owed and the queue does not know, and forgets what is over.
     *
     * @param age what was written down less than this ago may still be on its way
     */
    public void refill(Duration age) {
        if (!isRedisThere.getAsBoolean()) {
            return;
        }
        Set<String> missing = store.olderThan(age);
        if (!missing.isEmpty()) {
            messages.upkeep().forEachOwed(missing::remove);
        }
        long count = missing.stream()
                .flatMap(id -> store.find(id).stream())
                .filter(this::enqueue)
                .count();
        if (count > 0) {
            LOG.info("{} webhooks were missing from their queue and are back in it", count);
        }
        jobs.upkeep().diedWithin(LATELY, MOST_DEAD).forEach(this::failed);
        messages.upkeep().returnLeases(LEASE_OVER);
        messages.upkeep().expireDead(messages.jobTtl(), MOST_DEAD, store::remove);
        messages.upkeep().forgetExpired();
    }

    /** Says why a round failed. */
    public void waiting(@ExchangeException Throwable failure) {
        LOG.warn("Webhooks that are missing from their queue wait for another round: {}", failure.getMessage());
    }

    /** What is owed under an id; null where nothing is. */
    public OwedCallback load(@Variable("callbackId") String id) {
        return store.find(id).orElse(null);
    }

    /** The receiver took it. */
    public void delivered(@Variable("callbackId") String id) {
        store.remove(id);
        meters.delivered.increment();
    }

    /**
     * In how many ms to try again: after the pause that is due, or what the receiver asked for where that is longer; null
     * where there is no further try.
     *
     * @param pauses after each try, such as {@code 5s 5m 2h}
     */
    public Long pause(
            @Header(JobQueueConstants.ATTEMPTS) int attempt,
            @Variable("pauses") String pauses,
            @ExchangeException Throwable failure) {
        Optional<Duration> pause = new RetryPauses(pauses).after(attempt, ThreadLocalRandom.current()::nextDouble);
        if (pause.isPresent()) {
            meters.retried.increment();
        }
        Duration asked = failure instanceof UndeliveredException undelivered ? undelivered.retryAfter() : Duration.ZERO;
        return pause.map(due -> Math.max(due.toMillis(), asked.toMillis())).orElse(null);
    }

    /** There is no further try. */
    public void giveUp(@Variable("callbackId") String id, @ExchangeException Throwable failure) {
        store.remove(id);
        (failure instanceof NotWantedException ? meters.unwanted : meters.givenUp).increment();
    }
}
