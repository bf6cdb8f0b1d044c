package dev.vitrine.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.http.events.EventSource;
import dev.vitrine.queue.Depth;
import dev.vitrine.queue.JobQueue;
import dev.vitrine.queue.Totals;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/**
 * What {@code GET /events} tells: the figures of {@code GET /stats} as they change, and how the last quarter of an hour
 * went. Rates are those of all processes that share the queue; times are those of jobs that end in this process.
 */
final class Pulse implements EventSource {
    private static final long KEPT_MILLIS = Duration.ofMinutes(15).toMillis();

    /** One sample in so many ticks is kept, each being of all of them. */
    private static final int TICKS_A_SAMPLE = 2;

    /**
     * How it went between two looks.
     *
     * @param time the end, seconds since the epoch
     * @param accepted jobs a second; likewise {@code completed} and {@code failed}
     * @param waitP50 seconds; left out where no job ended in this process, as are the other three
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sample(
            @JsonProperty("time") double time,
            @JsonProperty("accepted") double accepted,
            @JsonProperty("completed") double completed,
            @JsonProperty("failed") double failed,
            @JsonProperty("wait_p50") Double waitP50,
            @JsonProperty("wait_p95") Double waitP95,
            @JsonProperty("total_p50") Double totalP50,
            @JsonProperty("total_p95") Double totalP95) {}

    private record Counts(long millis, long held, long completed, long failed) {}

    private final Optional<JobQueue> queue;
    private final Supplier<Stats.Figures> figures;
    private final JobTimes times;
    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Counts last;
    private int ticks;

    /** @param queue empty where the service runs without one; then there are no samples */
    Pulse(Optional<JobQueue> queue, Supplier<Stats.Figures> figures, JobTimes times, Clock clock) {
        this.queue = queue;
        this.figures = figures;
        this.times = times;
        this.clock = clock;
    }

    @Override
    public List<Event> tick(boolean watched) {
        List<Event> events = new ArrayList<>();
        if (watched) {
            events.add(new Event("stats", figures.get()));
        }
        if (queue.isPresent() && (ticks++ % TICKS_A_SAMPLE == 0 || last == null)) {
            sample().ifPresent(sample -> events.add(new Event("sample", sample)));
        }
        return events;
    }

    @Override
    public List<Event> greeting() {
        List<Sample> all;
        synchronized (samples) {
            all = List.copyOf(samples);
        }
        return List.of(new Event("stats", figures.get()), new Event("samples", all));
    }

    private Optional<Sample> sample() {
        Counts now;
        try {
            Depth depth = queue.get().depth();
            Totals totals = queue.get().totals();
            long held = depth.waiting() + depth.leased() + depth.later() + depth.dead();
            now = new Counts(clock.millis(), held, totals.completed(), totals.failed());
        } catch (DataAccessException e) {
            last = null; // what happens meanwhile is not told, rather than told wrongly
            return Optional.empty();
        }
        Counts before = last;
        last = now;
        JobTimes.Times taken = times.take();
        if (before == null || now.millis() <= before.millis()) {
            return Optional.empty();
        }
        Sample sample = sample(before, now, taken);
        synchronized (samples) {
            samples.add(sample);
            while (now.millis() - samples.getFirst().time() * 1000 > KEPT_MILLIS) {
                samples.removeFirst();
            }
        }
        return Optional.of(sample);
    }

    /** What came in is what left and what is there more than before; a job that is retried neither comes nor goes. */
    private static Sample sample(Counts before, Counts now, JobTimes.Times taken) {
        double seconds = (now.millis() - before.millis()) / 1000.0;
        long completed = Math.max(0, now.completed() - before.completed());
        long accepted = Math.max(0, completed + now.held() - before.held());
        long failed = Math.max(0, now.failed() - before.failed());
        return new Sample(
                now.millis() / 1000.0,
                rounded(accepted / seconds),
                rounded(completed / seconds),
                rounded(failed / seconds),
                quantile(taken.waits(), 0.5),
                quantile(taken.waits(), 0.95),
                quantile(taken.totals(), 0.5),
                quantile(taken.totals(), 0.95));
    }

    /** In seconds, of times in ms; the nearest rank. Null of none. */
    static Double quantile(List<Long> millis, double share) {
        if (millis.isEmpty()) {
            return null;
        }
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1000.0;
    }

    private static double rounded(double rate) {
        return Math.round(rate * 100) / 100.0;
    }
}
