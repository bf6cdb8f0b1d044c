package dev.vitrine.queue;

import java.time.Duration;

/**
 * A job handed to a worker under a lease. Only the delivery that holds the lease can end it.
 *
 * @param id the job's id
 * @param token what tells this delivery from every other one of the same job
 * @param attempts how often the job was begun, this time included
 * @param deliveries how often it was handed out since a try last ended in order, this time included
 * @param version ms since the epoch at acceptance; 0 where the job's hash has none
 * @param productId the product; empty where the job's hash has none
 * @param waited time since a worker could have taken the job, by Redis' clock: since it was made or put back into the list,
 *     the end of its delay or the end of another worker's lease
 */
public record Delivery(
        String id, String token, int attempts, int deliveries, long version, String productId, Duration waited) {}
