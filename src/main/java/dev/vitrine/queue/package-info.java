/**
 * The job queue: a list of waiting jobs and a set of leases in Redis, changed only by scripts, and the Camel component
 * {@code job-queue} that takes jobs under a lease, renews it, and completes, puts off or buries each. Also where that
 * Redis comes from: {@link dev.vitrine.queue.EmbeddedRedis} or a server of the site's own.
 */
package dev.vitrine.queue;
