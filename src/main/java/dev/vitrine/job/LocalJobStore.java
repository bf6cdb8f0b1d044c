package dev.vitrine.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Remembers the newest jobs in this process's memory: those that were indexed while their client waited, because no queue
 * could be reached.
 */
public final class LocalJobStore implements JobStore {
    private final int capacity;
    private final ConcurrentSkipListMap<String, JobState> jobs = new ConcurrentSkipListMap<>();

    /** @param capacity how many jobs are remembered; the oldest is forgotten first */
    public LocalJobStore(int capacity) {
        this.capacity = capacity;
    }

    /** Remembers a job, or its new state. */
    public void put(JobState job) {
        jobs.put(job.id(), job);
        while (jobs.size() > capacity) {
            jobs.pollFirstEntry(); // ids are time-ordered
        }
    }

    @Override
    public Optional<JobState> find(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    @Override
    public JobPage list(JobStatus status, String productId, int limit, String cursor) {
        Map<String, JobState> newestFirst = cursor == null
                ? jobs.descendingMap()
                : jobs.headMap(cursor, false).descendingMap();
        List<JobState> page = new ArrayList<>();
        for (JobState job : newestFirst.values()) {
            if ((status == null || job.status() == status)
                    && (productId == null || job.productId().equals(productId))) {
                if (page.size() == limit) {
                    return new JobPage(page, page.get(limit - 1).id());
                }
                page.add(job);
            }
        }
        return new JobPage(page, null);
    }
}
