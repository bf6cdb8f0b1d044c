package dev.vitrine.catalogue.sync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Follows jobs to their ends; so many of them at most that they fit into memory. Thread-safe. */
final class JobWatch {
    private static final int MOST = 2_000;
    private static final int ASKED_AT_ONCE = 400;

    /** How often a job may be unknown before it is taken for lost: it may not be written where it is asked for yet. */
    private static final int PATIENCE = 20;

    /** Hears of ends. */
    interface Ends {
        void ended(Wanted wanted, String jobId, Target.JobEnd end) throws IOException;

        /** The service knows nothing of the job any more. */
        void lost(Wanted wanted, String jobId) throws IOException;
    }

    private record Waiting(Wanted wanted, int unknown) {}

    private final Target target;
    private final Ends ends;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Semaphore room = new Semaphore(MOST);

    JobWatch(Target target, Ends ends) {
        this.target = target;
        this.ends = ends;
    }

    /** Follows a job; waits while there are too many. */
    void follow(String jobId, Wanted wanted) throws InterruptedException {
        room.acquire();
        synchronized (waiting) {
            if (waiting.put(jobId, new Waiting(wanted, 0)) != null) {
                room.release();
            }
        }
    }

    boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    /** Asks for all that wait, once. */
    void look() throws IOException, InterruptedException {
        List<String> ids;
        synchronized (waiting) {
            ids = new ArrayList<>(waiting.keySet());
        }
        for (int from = 0; from < ids.size(); from += ASKED_AT_ONCE) {
            List<String> asked = ids.subList(from, Math.min(from + ASKED_AT_ONCE, ids.size()));
            Map<String, Target.JobEnd> found = target.ends(asked);
            for (String id : asked) {
                settle(id, found.get(id));
            }
        }
    }

    private void settle(String id, Target.JobEnd end) throws IOException {
        if (end != null && end.end() == Target.End.WAITING) {
            return;
        }
        Waiting one;
        synchronized (waiting) {
            one = waiting.get(id);
            if (end == null && one.unknown() < PATIENCE) {
                waiting.put(id, new Waiting(one.wanted(), one.unknown() + 1));
                return;
            }
            waiting.remove(id);
        }
        room.release();
        if (end == null) {
            ends.lost(one.wanted(), id);
        } else {
            ends.ended(one.wanted(), id, end);
        }
    }
}
