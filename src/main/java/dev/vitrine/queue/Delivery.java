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
 * @param age time since the job was made, by Redis' clock; zero where its id does not say
 */
public record Delivery(String id, String token, int attempts, int deliveries, long version, Duration age) {}
