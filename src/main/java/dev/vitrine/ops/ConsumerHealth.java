package dev.vitrine.ops;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.StatefulService;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.support.DefaultScheduledPollConsumerScheduler;
import org.apache.camel.support.ScheduledPollConsumer;

/** Readiness of what routes take their messages from: down where a route says it runs and its consumer has ended. */
public final class ConsumerHealth extends AbstractHealthCheck {
    /** What a poll may be late by, beyond the time between two. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Polls(Consumer consumer, long count, Instant since) {}

    private final CamelContext context;
    private final Clock clock;
    private final Map<String, Polls> polls = new ConcurrentHashMap<>();

    public ConsumerHealth(CamelContext context, Clock clock) {
        super("vitrine", "sources");
        this.context = context;
        this.clock = clock;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<String> ended = new ArrayList<>();
        for (Route route : context.getRoutes()) {
            if (context.getRouteController().getRouteStatus(route.getId()).isStarted() && hasEnded(route)) {
                ended.add(route.getId());
            }
        }
        if (ended.isEmpty()) {
            builder.up();
        } else {
            String message = "nothing is taken any more by the route " + String.join(", ", ended)
                    + "; its consumer has ended. Restart the service, and report what the log says";
            builder.down().message(message).detail("message", message);
        }
    }

    private boolean hasEnded(Route route) {
        Consumer consumer = route.getConsumer();
        if (consumer instanceof StatefulService service && !service.isStarted() && !service.isSuspended()) {
            return true;
        }
        return consumer instanceof ScheduledPollConsumer polling && hasEnded(route.getId(), polling);
    }

    private boolean hasEnded(String id, ScheduledPollConsumer consumer) {
        boolean pollsForEver = consumer.isStartScheduler()
                && consumer.getRepeatCount() == 0
                && consumer.getBackoffMultiplier() == 0
                && consumer.getScheduler() instanceof DefaultScheduledPollConsumerScheduler;
        if (!pollsForEver || consumer.isSuspended()) {
            polls.remove(id);
            return false;
        }
        long count = consumer.getCounter();
        Polls now = new Polls(consumer, count, clock.instant());
        Polls before =
                polls.merge(id, now, (old, latest) -> old.consumer == consumer && old.count == count ? old : latest);
        Duration pause = Duration.of(
                Math.max(consumer.getDelay(), consumer.getInitialDelay()),
                consumer.getTimeUnit().toChronoUnit());
        return !consumer.getScheduler().isSchedulerStarted()
                || !consumer.isPolling()
                        && Duration.between(before.since, now.since).compareTo(pause.plus(PATIENCE)) > 0;
    }
}
