package dev.vitrine.queue;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a job is tried again: after {@code delay · multiplier^(attempt − 1)}, at most {@code maxDelay}, spread by
 * {@code jitter} so that jobs that failed together do not come back together.
 *
 * @param delayMs before the second attempt, ms
 * @param multiplier how much longer each time, 1 or more
 * @param maxDelayMs the longest delay before jitter, ms
 * @param jitter from 0 to 1: by how much of itself a delay may be shorter or longer
 * @param maxAttempts attempts after which the job is given up; 0 for never
 */
record Backoff(long delayMs, double multiplier, long maxDelayMs, double jitter, int maxAttempts) {

    Backoff {
        require(delayMs >= 0, "delay must be 0 or more, not " + delayMs);
        require(multiplier >= 1, "multiplier must be 1 or more, not " + multiplier);
        require(maxDelayMs >= delayMs, "maxDelay must be as long as delay or longer, not " + maxDelayMs);
        require(jitter >= 0 && jitter <= 1, "jitter must be from 0 to 1, not " + jitter);
        require(maxAttempts >= 0, "maxAttempts must be 0 (for never giving up) or more, not " + maxAttempts);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * What follows a failed attempt.
     *
     * @param attempt 1 for the first
     * @param random from 0 inclusive to 1 exclusive
     */
    Settlement after(int attempt, FailureReason reason, DoubleSupplier random) {
        if (maxAttempts > 0 && attempt >= maxAttempts) {
            return new Settlement.Bury(new FailureReason(
                    "gave up after " + attempt + " attempts: " + reason.text(), reason.digest(), reason.kind()));
        }
        return new Settlement.PutOff(delay(attempt, random), reason);
    }

    private Duration delay(int attempt, DoubleSupplier random) {
        double grown = delayMs * Math.pow(multiplier, Math.max(0, attempt - 1));
        double spread = 1 + jitter * (2 * random.getAsDouble() - 1);
        return Duration.ofMillis(Math.round(Math.min(grown, maxDelayMs) * spread));
    }
}
