package dev.vitrine.queue;

/** What the producer does with the job of the exchange. */
public enum JobQueueOperation {
    /** Completes the job. */
    complete,
    /** Puts the job off with exponential back-off; at the last attempt, gives it up. */
    retry,
    /** Puts the job off without a try having been made: the attempt does not count. */
    postpone,
    /** Gives the job up: it goes to the dead letters. */
    fail
}
