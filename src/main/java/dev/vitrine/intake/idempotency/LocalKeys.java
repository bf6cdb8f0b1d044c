package dev.vitrine.intake.idempotency;

import dev.vitrine.intake.idempotency.Reservation.State;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers the newest keys in this process's memory, while there is no Redis. */
final class LocalKeys implements KeyMemory {
    private record Entry(Reservation reservation, long made) {}

    private final int capacity;
    private final Duration kept;
    private final Clock clock;

    /** In the order in which they were reserved. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * @param capacity how many keys are remembered; the oldest is forgotten first
     * @param kept for how long
     */
    LocalKeys(int capacity, Duration kept, Clock clock) {
        this.capacity = capacity;
        this.kept = kept;
        this.clock = clock;
    }

    @Override
    public synchronized Reservation reserve(String key, String fingerprint, String jobId, String neverCame) {
        forgetOld();
        Entry known = entries.get(key);
        if (known != null) {
            return known.reservation();
        }
        entries.put(key, new Entry(new Reservation(State.RUNNING, fingerprint, jobId, ""), clock.millis()));
        return new Reservation(State.NEW, fingerprint, jobId, "");
    }

    @Override
    public synchronized void done(String key, String jobId, String outcome) {
        entries.computeIfPresent(
                key,
                (name, entry) -> entry.reservation().jobId().equals(jobId)
                        ? new Entry(
                                new Reservation(State.DONE, entry.reservation().fingerprint(), jobId, outcome),
                                entry.made())
                        : entry);
    }

    @Override
    public void renew(String key, String jobId) {
        // Who reserved it lives as long as this memory.
    }

    @Override
    public synchronized void free(String key, String jobId) {
        Entry entry = entries.get(key);
        if (entry != null && entry.reservation().jobId().equals(jobId)) {
            entries.remove(key);
        }
    }

    private void forgetOld() {
        long before = clock.millis() - kept.toMillis();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && (oldest.next().made() < before || entries.size() >= capacity)) {
            oldest.remove();
        }
    }
}
