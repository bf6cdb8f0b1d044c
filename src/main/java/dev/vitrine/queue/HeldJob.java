package dev.vitrine.queue;

import dev.vitrine.job.Job;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * A delivery on its way through a route, from being taken to being settled. The first settlement decided upon counts;
 * one that Redis could not be told of is told by the consumer at the exchange's end.
 */
final class HeldJob {

    /** The exchange property under which the producer finds it. */
    static final String PROPERTY = "VitrineHeldJob";

    /** The variable under which the route has what it loaded. */
    static final String JOB_VARIABLE = "job";

    private enum Stage {
        TAKEN,
        RUNNING,
        GIVEN_BACK
    }

    private final Delivery delivery;
    private final BiConsumer<HeldJob, Settlement> deciding;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.TAKEN);
    private final AtomicReference<Settlement> decision = new AtomicReference<>();
    private volatile Boolean held;
    private volatile long started;
    private volatile Job job;
    private volatile boolean lost;
    private volatile boolean told;

    /** @param deciding is told once how the job ends, before Redis is */
    HeldJob(Delivery delivery, BiConsumer<HeldJob, Settlement> deciding) {
        this.delivery = delivery;
        this.deciding = deciding;
    }

    Delivery delivery() {
        return delivery;
    }

    /** False when the job was given back before it could begin. */
    boolean begin() {
        started = System.currentTimeMillis();
        return stage.compareAndSet(Stage.TAKEN, Stage.RUNNING);
    }

    /** When it was begun, ms since the epoch. */
    long started() {
        return started;
    }

    /** Notes what the route loaded under the job's id; null where it loaded nothing. */
    void loaded(Job job) {
        this.job = job;
    }

    /** What the route loaded under the job's id. */
    Optional<Job> job() {
        return Optional.ofNullable(job);
    }

    /** Takes the job from its thread if that has not begun it. */
    boolean giveBackUnbegun() {
        return stage.compareAndSet(Stage.TAKEN, Stage.GIVEN_BACK);
    }

    /** Takes the job from its thread whether begun or not; what the thread still does has no effect on the queue. */
    void giveBack() {
        stage.set(Stage.GIVEN_BACK);
    }

    boolean isGivenBack() {
        return stage.get() == Stage.GIVEN_BACK;
    }

    /** Decides how the job ends, unless that is decided already; returns what holds. */
    Settlement decide(Settlement settlement) {
        decision.compareAndSet(null, settlement);
        return decision.get();
    }

    /**
     * Tells Redis how the job ends, once, unless it was given back.
     *
     * @return false when the lease turned out to be lost; asked again, it says the same
     */
    boolean settle(JobQueue queue) {
        if (isGivenBack()) {
            return true;
        }
        if (held == null) {
            if (!told) {
                told = true;
                deciding.accept(this, decision.get());
            }
            held = decision.get().apply(queue, delivery);
        }
        return held;
    }

    boolean isSettled() {
        return held != null;
    }

    /** Notes that another worker has the job; true the first time. */
    synchronized boolean lose() {
        boolean first = !lost;
        lost = true;
        return first;
    }

    boolean isLost() {
        return lost;
    }
}
