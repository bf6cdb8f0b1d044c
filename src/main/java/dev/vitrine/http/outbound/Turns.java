package dev.vitrine.http.outbound;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Bounds how many do something with the same host at once; who comes beyond that waits for a turn, and not for long. */
final class Turns {
    private final int most;
    private final Duration patience;
    private final Map<String, Integer> taken = new HashMap<>();

    Turns(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /**
     * Takes a turn, which must be given back.
     *
     * @throws BusyHostException where none comes in time
     */
    synchronized void take(String host) throws BusyHostException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (taken.getOrDefault(host, 0) >= most) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new BusyHostException(host + " is slow: " + most + " files are being fetched from it");
            }
            wait(left);
        }
        taken.merge(host, 1, Integer::sum);
    }

    synchronized void giveBack(String host) {
        taken.computeIfPresent(host, (name, turns) -> turns == 1 ? null : turns - 1);
        notifyAll();
    }
}
