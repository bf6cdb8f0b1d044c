package dev.vitrine.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Requests that wait for the end of a job. None holds a thread: one look for all of them, twenty times a second while there
 * are any.
 */
final class Waits {
    private static final long LOOK_MILLIS = 50;

    /** Who comes beyond these does not wait. */
    private static final int MOST = 2_000;

    private final Supplier<Awaited> jobs;
    private final BooleanSupplier isHurried;
    private final Set<Wait> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param isHurried whether nobody can wait now, as routes are about to be exchanged */
    Waits(Supplier<Awaited> jobs, BooleanSupplier isHurried) {
        this.jobs = jobs;
        this.isHurried = isHurried;
    }

    /**
     * Waits for the end of a job.
     *
     * @param then gets the job as JSON, or nothing when the time is over; runs where the request does, and never when its
     *     client has hung up
     * @return whether it waits; false where too many do
     */
    boolean enter(RoutingContext request, String jobId, Duration longest, Consumer<Optional<byte[]>> then) {
        if (all.size() >= MOST || isHurried.getAsBoolean()) {
            return false;
        }
        Vertx vertx = request.vertx();
        Wait wait = new Wait(vertx.getOrCreateContext(), jobId, System.nanoTime() + longest.toNanos(), then);
        all.add(wait);
        request.addEndHandler(end -> all.remove(wait));
        begin(vertx);
        return true;
    }

    private void begin(Vertx vertx) {
        if (looking.compareAndSet(false, true)) {
            vertx.setTimer(LOOK_MILLIS, time -> look(vertx));
        }
    }

    private void look(Vertx vertx) {
        List<Wait> waits = List.copyOf(all);
        if (waits.isEmpty()) {
            looking.set(false);
            if (!all.isEmpty()) {
                begin(vertx);
            }
            return;
        }
        Set<String> ids = waits.stream().map(wait -> wait.jobId).collect(Collectors.toSet());
        vertx.executeBlocking(() -> jobs.get().ended(ids), false).onComplete(found -> {
            // While the jobs cannot be read nobody knows of an end, and each waits for as long as it asked.
            Map<String, byte[]> ended = found.succeeded() ? found.result() : Map.of();
            long now = System.nanoTime();
            for (Wait wait : waits) {
                byte[] job = ended.get(wait.jobId);
                if (job != null || wait.end - now <= 0 || isHurried.getAsBoolean()) {
                    end(wait, Optional.ofNullable(job));
                }
            }
            vertx.setTimer(LOOK_MILLIS, time -> look(vertx));
        });
    }

    private void end(Wait wait, Optional<byte[]> job) {
        if (all.remove(wait)) {
            wait.context.runOnContext(run -> wait.then.accept(job));
        }
    }

    /** A request that waits; equal to itself alone. */
    private static final class Wait {
        private final Context context;
        private final String jobId;
        private final long end;
        private final Consumer<Optional<byte[]>> then;

        Wait(Context context, String jobId, long end, Consumer<Optional<byte[]>> then) {
            this.context = context;
            this.jobId = jobId;
            this.end = end;
            this.then = then;
        }
    }
}
