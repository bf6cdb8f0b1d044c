package dev.vitrine.queue;

import static dev.vitrine.queue.JobQueue.number;
import static dev.vitrine.queue.JobQueue.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
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
        List<Delivery> deliveries, Map<String, String> buried, int reclaimed, int dropped, Optional<Duration> nextDue) {

    private static final int FIELDS = 6;

    /** Reads what {@code take.lua} says to the holder of a token. */
    static Taken of(List<?> reply, String token) {
        long due = number(reply.get(0));
        int buriedCount = (int) number(reply.get(3));
        int at = 4;
        Map<String, String> buried = new LinkedHashMap<>();
        for (int i = 0; i < buriedCount; i++, at += 2) {
            buried.put(text(reply.get(at)), text(reply.get(at + 1)));
        }
        List<Delivery> deliveries = new ArrayList<>((reply.size() - at) / FIELDS);
        for (; at < reply.size(); at += FIELDS) {
            String version = text(reply.get(at + 3));
            deliveries.add(new Delivery(
                    text(reply.get(at)),
                    token,
                    (int) number(reply.get(at + 1)),
                    (int) number(reply.get(at + 2)),
                    version.matches("\\d{1,18}") ? Long.parseLong(version) : 0,
                    text(reply.get(at + 4)),
                    Duration.ofMillis(number(reply.get(at + 5)))));
        }
        Optional<Duration> nextDue =
                deliveries.isEmpty() && due >= 0 ? Optional.of(Duration.ofMillis(due)) : Optional.empty();
        return new Taken(
                List.copyOf(deliveries),
                Collections.unmodifiableMap(buried),
                (int) number(reply.get(1)),
                (int) number(reply.get(2)),
                nextDue);
    }
}
