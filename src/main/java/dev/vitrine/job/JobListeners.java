package dev.vitrine.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells several listeners of the ends of jobs, in the order in which they came. Thread-safe. */
public final class JobListeners implements JobEvents {
    private final List<JobEvents> listeners = new CopyOnWriteArrayList<>();

    /** @param first tells this one to begin with */
    public JobListeners(JobEvents first) {
        listeners.add(first);
    }

    /** Tells one more from now on. */
    public void add(JobEvents listener) {
        listeners.add(listener);
    }

    @Override
    public void ended(JobEvent event) {
        listeners.forEach(listener -> listener.ended(event));
    }

    @Override
    public void decided(JobEvent event) {
        listeners.forEach(listener -> listener.decided(event));
    }

    @Override
    public void ending(Job job) {
        listeners.forEach(listener -> listener.ending(job));
    }
}
