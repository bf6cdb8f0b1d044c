package dev.vitrine.intake.idempotency;

/** Remembers idempotency keys for a day. */
interface KeyMemory {

    /**
     * Reserves a key for a job, unless it stands for another one.
     *
     * @param key names the key and its client
     * @param neverCame a job that the key is left with and that was never accepted; empty where none is known
     */
    Reservation reserve(String key, String fingerprint, String jobId, String neverCame);

    /** The job was accepted. */
    void done(String key, String jobId, String outcome);

    /** The job is still being worked on. */
    void renew(String key, String jobId);

    /** The upload was refused; the key stands for nothing. */
    void free(String key, String jobId);
}
