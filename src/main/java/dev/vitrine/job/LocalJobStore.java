package dev.vitrine.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Remembers the newest jobs in this process's memory: those that were indexed while their client waited, because no queue
 * could be reached.
 */
public final class LocalJobStore implements JobStore {
    private final int capacity;
    private final Map<String, JobState> byId = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<JobCursor, JobState> byTime = new ConcurrentSkipListMap<>();

    /** @param capacity how many jobs are remembered; the oldest is forgotten first */
    public LocalJobStore(int capacity) {
        this.capacity = capacity;
    }

    /** Remembers a job, or its new state. */
    public synchronized void put(JobState job) {
        byId.put(job.id(), job);
        byTime.put(new JobCursor(Rfc3339.millis(job.createdAt()), job.id()), job);
        while (byTime.size() > capacity) {
            byId.remove(byTime.pollFirstEntry().getValue().id());
        }
    }

    @Override
    public Optional<JobState> find(String jobId) {
        return Optional.ofNullable(byId.get(jobId));
    }

    @Override
    public JobListing list(JobStatus status, String productId, int limit, JobCursor before) {
        Map<JobCursor, JobState> newestFirst = before == null
                ? byTime.descendingMap()
                : byTime.headMap(before, false).descendingMap();
        List<JobListing.Entry> page = new ArrayList<>();
        for (Map.Entry<JobCursor, JobState> entry : newestFirst.entrySet()) {
            JobState job = entry.getValue();
            if ((status == null || job.status() == status)
                    && (productId == null || job.productId().equals(productId))) {
                if (page.size() == limit) {
                    return new JobListing(page, page.get(limit - 1).place());
                }
                page.add(new JobListing.Entry(job, entry.getKey()));
            }
        }
        return new JobListing(page, null);
    }
}
