package dev.vitrine.queue;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Health of a consumer: Redis answers, and did so not long ago. */
final class JobQueueHealthCheck extends AbstractHealthCheck {

    private final RedisContact contact;
    private final Duration patience;
    private final String where;
    private final boolean needed;

    /**
     * @param id tells it from those of other queues' consumers
     * @param patience time without an answer after which the consumer counts as stuck
     * @param needed whether the process is of no use while this consumer takes no jobs
     */
    JobQueueHealthCheck(String id, RedisContact contact, Duration patience, String where, boolean needed) {
        super("vitrine", id);
        this.contact = contact;
        this.patience = patience;
        this.where = where;
        this.needed = needed;
    }

    @Override
    public boolean isReadiness() {
        return needed;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Duration age = contact.sinceLastAnswer();
        builder.detail("redis", where).detail("last_answer_ms", age.toMillis());
        String problem = contact.problem();
        if (problem != null) {
            builder.message("Redis at " + where + " is away: " + problem).down();
        } else if (age.compareTo(patience) > 0) {
            builder.message("Redis at " + where + " was last heard " + age.toSeconds() + " s ago")
                    .down();
        } else {
            builder.up();
        }
    }
}
