package dev.vitrine.indexing;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** Which part is to be swept: one in each period, whoever asks how often. Thread-safe. */
final class SweepTurns {
    private final AtomicLong swept = new AtomicLong(-1);

    /**
     * The part whose turn it is.
     *
     * @param parts how many there are
     * @return from 0; empty where this period's part had its turn
     */
    OptionalInt next(Instant now, Duration period, int parts) {
        long number = now.getEpochSecond() / period.toSeconds();
        return swept.getAndSet(number) == number
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.floorMod(number, (long) parts));
    }
}
