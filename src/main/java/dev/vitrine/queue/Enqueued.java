package dev.vitrine.queue;

/** What became of a job that the caller believed missing from the queue. */
public enum Enqueued {
    /** It was missing and is now waiting. */
    PUSHED,
    /** It is waiting, leased, put off or a dead letter; nothing changed. */
    OWED,
    /** Its state says that it is completed; nothing changed. What is left of it elsewhere may go. */
    COMPLETED,
    /** Its state says that it failed and it is no dead letter any more; nothing changed. */
    FAILED
}
