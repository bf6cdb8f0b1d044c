package dev.vitrine.queue;

import dev.vitrine.job.Job;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Settles the job of the exchange that the consumer made. */
final class JobQueueProducer extends DefaultProducer {

    private static final Logger LOG = LoggerFactory.getLogger(JobQueueProducer.class);

    private final JobQueueEndpoint endpoint;
    private final JobQueueOperation operation;
    private final Backoff backoff;
    private JobQueue queue;

    JobQueueProducer(JobQueueEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.operation = endpoint.getOperation();
        this.backoff = endpoint.backoff();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        queue = endpoint.queue();
    }

    /**
     * Tells Redis how the job ends. Where Redis is away the consumer tells it at the end of the exchange, so that work
     * that is done is not done again. A job that would be put off while the service stops is handed back instead, since
     * the stop may be what failed it.
     *
     * @throws IllegalStateException for an exchange that did not come from a {@code job-queue} consumer
     */
    @Override
    public void process(Exchange exchange) {
        HeldJob job = exchange.getProperty(HeldJob.PROPERTY, HeldJob.class);
        if (job == null) {
            throw new IllegalStateException(
                    getEndpoint().getEndpointUri() + " settles the job of an exchange that came from"
                            + " a job-queue consumer; this one came from "
                            + (exchange.getFromEndpoint() == null ? "elsewhere" : exchange.getFromEndpoint()));
        }
        Settlement wanted = settlement(exchange, job.delivery());
        Settlement decided = job.decide(wanted);
        if (decided != wanted) {
            LOG.debug(
                    "Job {} is settled already ({}); {} has no effect",
                    job.delivery().id(),
                    decided,
                    wanted);
        }
        job.loaded(exchange.getVariable(HeldJob.JOB_VARIABLE, Job.class));
        try {
            job.settle(queue);
        } catch (DataAccessException e) {
            LOG.debug(
                    "Redis is away; the consumer settles job {} later",
                    job.delivery().id(),
                    e);
        }
    }

    private Settlement settlement(Exchange exchange, Delivery delivery) {
        return switch (operation) {
            case complete ->
                new Settlement.Complete(exchange.getMessage().getHeader(JobQueueConstants.MODEL, String.class));
            case retry -> exchange.getContext().isStopping() ? new Settlement.HandBack() : retry(exchange, delivery);
            case postpone -> new Settlement.Postpone(asked(exchange).orElse(Duration.ofMillis(endpoint.getDelay())));
            case fail -> new Settlement.Bury(reason(exchange));
        };
    }

    private Settlement retry(Exchange exchange, Delivery delivery) {
        Settlement usual =
                backoff.after(delivery.attempts(), reason(exchange), ThreadLocalRandom.current()::nextDouble);
        return usual instanceof Settlement.PutOff putOff
                ? asked(exchange)
                        .<Settlement>map(delay -> new Settlement.PutOff(delay, putOff.reason()))
                        .orElse(usual)
                : usual;
    }

    private static Optional<Duration> asked(Exchange exchange) {
        return Optional.ofNullable(exchange.getMessage().getHeader(JobQueueConstants.RETRY_DELAY, Long.class))
                .map(millis -> Duration.ofMillis(Math.max(0, millis)));
    }

    private FailureReason reason(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (caught == null) {
            caught = exchange.getException();
        }
        return caught == null
                ? new FailureReason("the route gave no reason", "")
                : FailureReason.of(caught).as(endpoint.kind(caught));
    }
}
