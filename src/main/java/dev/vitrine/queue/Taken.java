package dev.vitrine.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one look into the queue brought.
 *
 * @param deliveries the jobs now leased to the caller, the longest waiting first
 * @param buried ids of jobs, with their products, that were delivered too often and went to the dead letters unrun
 * @param reclaimed how many leases of other workers had run out
 * @param dropped how many ids were in the list although their job was being worked on or completed
 * @param nextDue where nothing was taken: time until the next job that was put off is due or the next lease runs out
 */
public record Taken(
        List<Delivery> deliveries,
        Map<String, String> buried,
        int reclaimed,
        int dropped,
        Optional<Duration> nextDue) {}
