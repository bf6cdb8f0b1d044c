package dev.vitrine.ops;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What upkeep and metrics need to know of the settings of others.
 *
 * @param uploads the folder that requests are received in
 * @param minFreeBytes what must be free on the spool's disk for uploads to be taken
 * @param jobTtl how long a job is remembered after its end
 * @param workerId names this process
 */
public record OpsSettings(Path uploads, long minFreeBytes, Duration jobTtl, String workerId) {}
