package dev.vitrine.queue;

/**
 * What happened since the queue began, all workers together.
 *
 * @param redelivered leases that ran out, so that the job went to another worker
 */
public record Totals(long completed, long failed, long retried, long redelivered) {}
