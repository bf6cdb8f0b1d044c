package dev.vitrine.callbacks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who is being told something now. A receiver gets a few webhooks at a time, fewer if it is slow, and those beyond that
 * come back when their turn is likely: a slow one holds up nobody else, however much is owed to it.
 *
 * <p>Thread-safe. Each process counts for itself.
 */
final class Receivers {
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_OF_A_SLOW_ONE = 2;
    private static final long SLOW_MILLIS = 2_000;
    private static final long SHORTEST_WAIT = 50;
    private static final long LONGEST_WAIT = 60_000;

    /** Beyond this the quiet ones are forgotten. */
    private static final int MANY = 1_000;

    private final LongSupplier now;
    private final Map<String, Receiver> receivers = new HashMap<>();

    private static final class Receiver {
        private int atOnce;
        private double usualMillis = 100;
        private double nextTurn;
        private long quietUntil;
    }

    /** @param now ms, of any beginning */
    Receivers(LongSupplier now) {
        this.now = now;
    }

    /**
     * Takes a turn, which ends with {@link #leave}.
     *
     * @param receiver its host and port
     * @throws NoTurnException where it gets enough just now, or asked for a pause
     */
    synchronized void enter(String receiver) throws NoTurnException {
        long time = now.getAsLong();
        if (receivers.size() > MANY) {
            receivers.values().removeIf(one -> one.atOnce == 0 && one.quietUntil <= time && one.nextTurn <= time);
        }
        Receiver one = receivers.computeIfAbsent(receiver, name -> new Receiver());
        int most = one.usualMillis > SLOW_MILLIS ? MOST_OF_A_SLOW_ONE : MOST_AT_ONCE;
        if (one.quietUntil <= time && one.atOnce < most) {
            one.atOnce++;
            return;
        }
        double turn = one.usualMillis / most;
        one.nextTurn = Math.max(one.nextTurn, Math.max(one.quietUntil, time)) + turn;
        long wait = Math.round(one.nextTurn) - time;
        throw new NoTurnException(Math.max(SHORTEST_WAIT, Math.min(LONGEST_WAIT, wait)));
    }

    /** Gives the turn back. */
    synchronized void leave(String receiver, long tookMillis) {
        Receiver one = receivers.get(receiver);
        one.atOnce--;
        one.usualMillis = 0.7 * one.usualMillis + 0.3 * tookMillis;
    }

    /** Lets a receiver alone for as long as it asked. */
    synchronized void keepQuiet(String receiver, Duration pause) {
        Receiver one = receivers.computeIfAbsent(receiver, name -> new Receiver());
        one.quietUntil = Math.max(one.quietUntil, now.getAsLong() + pause.toMillis());
    }
}
