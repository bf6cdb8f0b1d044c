package dev.vitrine.http.limits;

/**
 * Whether a request may pass.
 *
 * @param passes whether it may
 * @param remaining how many more its caller has now, about
 * @param waitNanos until its caller has one again; 0 where the request passes
 */
public record Ruling(boolean passes, long remaining, long waitNanos) {}
