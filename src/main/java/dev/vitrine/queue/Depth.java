package dev.vitrine.queue;

import java.time.Duration;

/**
 * How much there is to do.
 *
 * @param waiting jobs in the list
 * @param leased jobs that workers hold
 * @param later jobs put off
 * @param dead dead letters
 * @param workers workers that gave a sign of life lately
 * @param oldestWait time since the longest waiting job could have been taken; zero where none waits
 */
public record Depth(long waiting, long leased, long later, long dead, int workers, Duration oldestWait) {}
