package dev.vitrine.intake.drop;

import dev.vitrine.job.JobListing;
import dev.vitrine.job.JobState;
import dev.vitrine.job.JobStatus;
import dev.vitrine.job.JobStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers for an hour which file became which job, to learn of damage that only a worker sees. What is not remembered, as
 * after a restart, is still told by {@code ./vitrine jobs --status failed}. One thread.
 */
final class JobWatch {
    /** A file whose job failed, and the JSON that it came with. */
    record Failure(FileName file, Optional<FileName> sidecar, String reason) {}

    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int AT_ONCE = 100;
    private static final int MAX = 10_000;

    private record Watched(FileName file, Optional<FileName> sidecar, Instant since) {}

    private final Optional<JobStore> jobs;
    private final Clock clock;
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private Instant next = Instant.MIN;

    /** @param jobs empty where there is no queue, and damage is seen at once */
    JobWatch(Optional<JobStore> jobs, Clock clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    void add(String jobId, FileName file, Optional<FileName> sidecar) {
        if (jobs.isPresent()) {
            watched.values().removeIf(before -> before.file.equals(file));
            watched.put(jobId, new Watched(file, sidecar, clock.instant()));
        }
    }

    /** The files whose jobs have failed since the last call; empty while the queue cannot be asked. */
    List<Failure> failed() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return List.of();
        }
        next = now.plus(PERIOD);
        watched.values().removeIf(file -> file.since.isBefore(now.minus(MEMORY)));
        while (watched.size() > MAX) {
            watched.remove(watched.keySet().iterator().next());
        }
        if (watched.isEmpty()) {
            return List.of();
        }
        List<Failure> failures = new ArrayList<>();
        try {
            for (JobListing.Entry entry : jobs.orElseThrow()
                    .list(JobStatus.FAILED, null, AT_ONCE, null)
                    .entries()) {
                JobState job = entry.job();
                Watched file = watched.remove(job.id());
                if (file != null) {
                    failures.add(new Failure(file.file, file.sidecar, job.error() + " (Job " + job.id() + ".)"));
                }
            }
        } catch (RuntimeException e) {
            // whoever needs the queue says that it is away
        }
        return failures;
    }
}
