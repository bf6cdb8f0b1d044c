package dev.vitrine.callbacks;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Webhooks that are owed. What is written is durable before the call returns. Safe for many threads and processes; every
 * method throws {@link java.io.UncheckedIOException} when the disk or the store fails.
 */
interface CallbackStore {
    /** Writes a webhook, or what more is known of it. */
    void write(OwedCallback owed);

    /** What is owed under an id; nothing where it cannot be understood, and it is put aside then. */
    Optional<OwedCallback> find(String id);

    /** Nothing is owed under this id any more. */
    void remove(String id);

    /**
     * The ids of those that were last written some time ago; what a crash left half-written goes.
     *
     * @param age at least
     */
    Set<String> olderThan(Duration age);
}
