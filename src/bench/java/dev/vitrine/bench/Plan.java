package dev.vitrine.bench;

import java.time.Duration;

/**
 * How long and how large each measurement is.
 *
 * @param ceiling length of one measurement of the bare loop
 * @param rounds how often bare loop and service take turns
 * @param warmUp how long the service works before it is measured: its code is compiled meanwhile, which takes a fifth of
 *     the processors at first
 * @param throughput length of one measurement of the service
 * @param acceptWarmUp how many uploads come before acceptance is measured
 * @param accept length of one measurement of uploads at a fixed rate
 * @param flood length of the measurement of uploads as fast as they go
 * @param starts how often the service is started with the small model
 * @param points sizes of the embedded index at which it is searched; the last one is Qdrant's too
 * @param search length of one measurement of searches at a fixed rate
 * @param searchRounds how often that is measured
 * @param coldStarts how often the service is started anew for its first requests
 * @param doors length of one measurement of a service with or without a key
 * @param doorTurns how often the two take turns
 * @param costTurns how often bare loop, uploads and products take turns for the table of costs
 * @param cost length of one measurement of products for it
 * @param waiting lengths of the queue at which a job's cost is measured
 */
record Plan(
        Duration ceiling,
        int rounds,
        Duration warmUp,
        Duration throughput,
        int acceptWarmUp,
        Duration accept,
        Duration flood,
        int starts,
        int[] points,
        Duration search,
        int searchRounds,
        int coldStarts,
        Duration doors,
        int doorTurns,
        int costTurns,
        Duration cost,
        int[] waiting) {

    /** Under a minute; shows that all works, and figures that are good to a tenth or so. */
    static Plan quick() {
        return new Plan(
                Duration.ofSeconds(2),
                1,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                300,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                1,
                new int[] {4_000},
                Duration.ofSeconds(1),
                1,
                1,
                Duration.ofSeconds(1),
                2,
                4,
                Duration.ofSeconds(3),
                new int[] {1, 10_000});
    }

    /** Under fifteen minutes. */
    static Plan full() {
        return new Plan(
                Duration.ofSeconds(6),
                3,
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                10_000,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                5,
                new int[] {1_000, 10_000, 100_000},
                Duration.ofSeconds(5),
                3,
                3,
                Duration.ofSeconds(1),
                8,
                5,
                Duration.ofSeconds(4),
                new int[] {1, 10_000, 1_000_000});
    }
}
