package dev.vitrine.queue;

import java.time.Instant;

/** A job that was given up, and when. */
public record DeadLetter(String id, Instant failedAt) {}
