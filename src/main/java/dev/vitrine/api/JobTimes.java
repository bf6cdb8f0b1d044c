package dev.vitrine.api;

import dev.vitrine.job.JobEvent;
import dev.vitrine.job.JobEvents;
import dev.vitrine.job.JobStatus;
import java.util.ArrayList;
import java.util.List;

/** Notes how long the jobs took that end in this process. */
final class JobTimes implements JobEvents {
    /** More of one interval say nothing more about it. */
    private static final int MOST = 10_000;

    private List<Long> waits = new ArrayList<>();
    private List<Long> totals = new ArrayList<>();

    /**
     * Times since the last look, in ms.
     *
     * @param waits from acceptance to the attempt that indexed it
     * @param totals from acceptance to the end
     */
    record Times(List<Long> waits, List<Long> totals) {}

    @Override
    public void ended(JobEvent event) {
        if (event.outcome() == JobStatus.COMPLETED) {
            note(event);
        }
    }

    /** Another machine's clock may be ahead. */
    private synchronized void note(JobEvent event) {
        if (waits.size() < MOST) {
            waits.add(Math.max(0, event.started() - event.created()));
            totals.add(Math.max(0, event.finished() - event.created()));
        }
    }

    synchronized Times take() {
        Times taken = new Times(waits, totals);
        waits = new ArrayList<>();
        totals = new ArrayList<>();
        return taken;
    }
}
