package dev.vitrine.queue;

import java.time.Duration;

/**
 * What a {@link JobQueue} does differently from site to site.
 *
 * @param jobTtl how long the state of a completed or failed job is kept
 * @param maxDeliveries how often a job may be handed to a worker that then vanishes; the next time it is a dead letter
 * @param recentJobs how many jobs, the newest, can be listed whatever their status
 */
public record QueueSettings(Duration jobTtl, int maxDeliveries, int recentJobs) {

    /** Seven days, five deliveries, 100,000 jobs. */
    public static final QueueSettings DEFAULT = new QueueSettings(Duration.ofDays(7), 5, 100_000);

    /** @throws IllegalArgumentException for anything under one second, one delivery or one job */
    public QueueSettings {
        if (jobTtl.toSeconds() < 1 || maxDeliveries < 1 || recentJobs < 1) {
            throw new IllegalArgumentException("Keep jobs for at least a second, deliver them at least once and list at"
                    + " least one: " + jobTtl + ", " + maxDeliveries + ", " + recentJobs);
        }
    }
}
