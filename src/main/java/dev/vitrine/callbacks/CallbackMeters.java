package dev.vitrine.callbacks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of webhooks. */
final class CallbackMeters {
    final Counter delivered;
    final Counter retried;
    final Counter unwanted;
    final Counter givenUp;
    final Counter lost;

    CallbackMeters(MeterRegistry meters) {
        delivered = counter(meters, "delivered");
        retried = counter(meters, "retried");
        unwanted = counter(meters, "unwanted");
        givenUp = counter(meters, "given_up");
        lost = counter(meters, "lost");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("vitrine.callbacks")
                .description(
                        "webhooks by what became of a try: delivered, retried later, unwanted (410), given up after"
                                + " the last, or lost as this process could not write them down")
                .tag("outcome", outcome)
                .register(meters);
    }
}
