/**
 * What strangers may send, made by seeded mutators. {@code mvn verify} runs a short piece of it, {@code mvn test -Pfuzz} the
 * whole; {@code -Dfuzz.seed=N} makes others. What once did harm lies in {@code src/test/resources/fuzz} and is tried each
 * time.
 */
package dev.vitrine.fuzz;
